"""Ask a source for ids: each has an answer of its own, even where a whole batch fails."""

from __future__ import annotations

from collections.abc import Sequence

from refkit import plugins
from refkit.errors import SourceError
from refkit.model.evidence import Candidate
from refkit.model.ids import Id

Answer = Candidate | str | None


def ask(source: plugins.Source, ids: Sequence[Id]) -> dict[Id, Answer]:
    """Return each id's record, None where the source has none, or why it could not be asked.

    Ids go in batches of the source's own size. Where one fails, each of its ids is asked for
    singly, so that only what failed is unchecked.
    """
    answers: dict[Id, Answer] = {}
    for start in range(0, len(ids), source.batch):
        answers.update(_answers(source, ids[start : start + source.batch]))
    return answers


def _answers(source: plugins.Source, ids: Sequence[Id]) -> dict[Id, Answer]:
    try:
        found = plugins.resolve(source, ids)
        return {each: found.get(each) for each in ids}
    except SourceError as error:
        if len(ids) == 1:
            return {ids[0]: str(error)}
    return {asked: answer for each in ids for asked, answer in _answers(source, [each]).items()}
