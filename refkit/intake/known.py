"""Is a work in a library already? By its ids, else by what the match engine says of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from refkit.intake import stub
from refkit.match.judge import judge
from refkit.match.profile import profile
from refkit.match.wording import wording
from refkit.model.entry import Entry
from refkit.model.evidence import Candidate, Proposal, Verdict
from refkit.model.ids import Id
from refkit.normalise.latex import strip_markup
from refkit.normalise.titles import fold


@dataclass(slots=True)
class Library:
    """The works of a library, by id, by title, and by the text of what no source knew."""

    _ids: dict[Id, Entry] = field(default_factory=dict)
    _titles: dict[str, list[Entry]] = field(default_factory=dict)
    _notes: dict[str, Entry] = field(default_factory=dict)

    def add(self, entries: Iterable[Entry]) -> None:
        """Add entries; of two with one id the first counts."""
        for each in entries:
            for own in stub.ids_of(each):
                self._ids.setdefault(own, each)
            title = wording(strip_markup(each.text("title")))
            for form in dict.fromkeys((title.solid, title.main_solid)):
                if form:
                    self._titles.setdefault(form, []).append(each)
            self._notes.setdefault(_note(each), each)

    def find(self, entry: Entry) -> tuple[Entry, str] | None:
        """Return the entry that is the same work, and why it is; None if there is none."""
        for own in stub.ids_of(entry):
            if own in self._ids:
                return self._ids[own], f"it has {own}"
        note = _note(entry)
        if note and note in self._notes:
            return self._notes[note], "it has the same text"
        near = self._near(entry)
        proposal = _judged(entry, near)
        if proposal.verdict is Verdict.MATCH:
            return proposal.matches[0].candidate.entry, proposal.reason.partition(";")[0]
        return self._bare(entry, near)

    def version(self, entry: Entry) -> Entry | None:
        """Return an entry that may be another version of a work, as its preprint is."""
        proposal = _judged(entry, self._near(entry))
        if proposal.verdict is not Verdict.AMBIGUOUS and not _preprint_vetoed(proposal):
            return None
        return proposal.matches[0].candidate.entry

    def _near(self, entry: Entry) -> list[Entry]:
        title = wording(strip_markup(entry.text("title")))
        found = [*self._titles.get(title.solid, ()), *self._titles.get(title.main_solid, ())]
        return list(dict.fromkeys(found))

    def _bare(self, entry: Entry, near: Iterable[Entry]) -> tuple[Entry, str] | None:
        """Return an entry that says no more than a title, and the same one."""
        for each in near:
            same = fold(each.text("title")) == fold(entry.text("title"))
            bare = not (each.names("author") and entry.names("author"))
            undated = not (profile(each).years and profile(entry).years)
            if same and bare and undated:
                return each, "it has the same title"
        return None


def _judged(entry: Entry, near: Iterable[Entry]) -> Proposal:
    return judge(entry, [Candidate(each.key, each) for each in near])


def _preprint_vetoed(proposal: Proposal) -> bool:
    return bool(proposal.matches) and "preprint" in proposal.matches[0].veto


def _note(entry: Entry) -> str:
    """Return the folded text of an entry that has nothing else to be known by."""
    marked = "refkit-un" in entry.text("keyword")
    return fold(f"{entry.text('title')} {entry.text('note')} {entry.text('URL')}") if marked else ""
