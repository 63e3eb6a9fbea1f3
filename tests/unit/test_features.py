"""Features compared one by one: titles, names, numbers, pages, types, kinds of decoys."""

from __future__ import annotations

import pytest

from refkit.match.decoys import Kind, kind_of_title
from refkit.match.features import compare_profiles
from refkit.match.people import compare_people, people
from refkit.match.profile import profile
from refkit.match.weights import WEIGHTS, points
from refkit.match.wording import compare_titles, telling, wording
from refkit.model.entry import OTHERS, Date, Entry, Field, Name, Value
from refkit.model.evidence import Level


def made(kind: str = "article-journal", **values: Value) -> Entry:
    """Make an entry; `_` in a name stands for `-`."""
    fields = (Field(name.replace("_", "-"), value) for name, value in values.items())
    return Entry("key", kind, tuple(fields))


def level(feature: str, ours: Entry, theirs: Entry) -> Level:
    """Return the level of one feature."""
    return compare_profiles(profile(ours), profile(theirs)).levels[feature]


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ("The ROLE of Data", "The role of data", "exact"),
        ("Data base systems", "Database systems", "exact"),
        ("{\\'E}tude de la m{\\'e}moire", "Étude de la mémoire", "exact"),
        ("\\emph{Escherichia coli} growth", "<i>Escherichia coli</i> growth", "exact"),
        ("Ueber Saetze", "Über Sätze", "exact"),
        ("Role of &alpha;-synuclein", "Role of alpha-synuclein", "exact"),
        ("DNA & RNA folding", "DNA and RNA folding", "exact"),
        ("Fish ecology", "RETRACTED ARTICLE: Fish ecology", "exact"),
        ("Cell-free fÃ¼r Anfänger", "Cell-free für Anfänger", "exact"),
        ("Phenyl ethers in solution", "Phenyl ethers in solution<sup>1,2</sup>", "exact"),
        ("Nutrition of fishes", "Nutrition of fishes: A handbook", "strong"),
        ("Convolutional netwroks for grahps", "Convolutional networks for graphs", "strong"),
        ("Convolutional networks for graphs", "Convolutional networks graphs", "strong"),
        ("Relaxation of phenyl ethers: Part I", "Relaxation of phenyl ethers: Part II", "conflict"),
        ("Quiz case 1 of the whole month", "Quiz case 2 of the whole month", "conflict"),
        ("Immunity to hepatitis A virus", "Immunity to hepatitis B virus", "conflict"),
        ("Mapping values in language models", "Analyzing values in language models", "weak"),
        ("Growth of cells in living mice", "Growth of cells in living rats", "weak"),
        ("Fish", "Quantum gravity", "conflict"),
        ("", "Quantum gravity", "missing"),
    ],
)  # fmt: skip
def test_titles(ours: str, theirs: str, expected: str) -> None:
    assert compare_titles(wording(ours), wording(theirs)).level == expected
    assert compare_titles(wording(theirs), wording(ours)).level == expected


@pytest.mark.parametrize(
    ("title", "least", "most"),
    [
        ("Preface", 0, 0.3),
        ("Questions and answers", 0, 0.3),
        ("Deep learning", 1, 2.4),
        ("A theory of the learnable", 1, 2.4),
        ("Angiolymphoid hyperplasia with eosinophilia", 2.5, 4),
        ("Observation of gravitational waves from a binary black hole merger", 6, 6),
    ],
)
def test_titles_are_worth_their_telling_words(title: str, least: float, most: float) -> None:
    assert least <= telling(title.lower()) <= most


def _people(*names: str) -> tuple[Name, ...]:
    made = []
    for name in names:
        family, _, given = name.partition(", ")
        made.append(Name(literal=name[1:-1]) if name.startswith("{") else Name(family, given))
    return tuple(made)


@pytest.mark.parametrize(
    ("ours", "theirs", "first", "every"),
    [
        (["Knuth, Donald E."], ["Knuth, D."], "exact", "exact"),
        (["Knuth, D."], ["Knuth, Don Ervin"], "exact", "exact"),
        (["Müller, K."], ["Mueller, Karl"], "exact", "exact"),
        (["Muller, K."], ["Müller, Karl"], "exact", "exact"),
        (["Колмогоров, А. Н."], ["Kolmogorov, A. N."], "exact", "exact"),
        (["Чебышев, П."], ["Chebyshev, P."], "exact", "exact"),
        (["王, 小明"], ["Wang, Xiaoming"], "exact", "exact"),
        (["田中, 太郎"], ["Tanaka, Taro"], "missing", "missing"),
        (["Иванов, И."], ["Петров, И."], "conflict", "conflict"),
        (["Strauss, F."], ["Strauß, Franz"], "exact", "exact"),
        (["Erdos, Paul"], ["Erdős, P."], "exact", "exact"),
        (["Ørsted, H."], ["Oersted, Hans"], "exact", "exact"),
        (["García Márquez, G."], ["Garcia-Marquez, Gabriel"], "exact", "exact"),
        (["García, G."], ["García Márquez, Gabriel"], "strong", "exact"),
        (["Knuth, "], ["Knuth, Donald"], "strong", "exact"),
        (["Donald, Knuth"], ["Knuth, Donald"], "strong", "exact"),
        (["Smith JA, Bo"], ["Smith, J. A."], "weak", "conflict"),
        (["JA, Smith"], ["Smith, J. A."], "exact", "exact"),
        (["Cooer, P. H."], ["Cooper, P. H."], "weak", "strong"),
        (["Zhang, Wei"], ["Zhang, Yan"], "weak", "conflict"),
        (["Wang, Y."], ["Yang, Y."], "weak", "strong"),
        (["Li, Y."], ["Lu, Y."], "conflict", "conflict"),
        (["LeCun, Y."], ["Salakhutdinov, R."], "conflict", "conflict"),
        (["A, A", "Crick, F.", "Watson, J."], ["Watson, J.", "Crick, F."], "strong", "strong"),
        (["Crick, F."], ["Watson, J.", "Crick, F."], "strong", "strong"),
        (["{WHO}"], ["{World Health Organization}"], "exact", "exact"),
        (["{The LIGO Scientific Collaboration}"], ["Abbott, B. P."], "missing", "conflict"),
        ([], ["Abbott, B. P."], "missing", "missing"),
    ],
)  # fmt: skip
def test_authors(ours: list[str], theirs: list[str], first: str, every: str) -> None:
    found = compare_people(people(_people(*ours)), people(_people(*theirs)))

    assert (found.first, found.every) == (first, every)


def test_and_others_cuts_a_list_short() -> None:
    ours = people((*_people("Abbott, B. P."), OTHERS))
    theirs = people(_people("Abbott, B. P.", "Abbott, R.", "Acernese, F."))

    assert compare_people(ours, theirs).every is Level.EXACT


@pytest.mark.parametrize(
    ("feature", "ours", "theirs", "expected"),
    [
        ("year", {"issued": Date(2015)}, {"issued": Date(2016)}, "weak"),
        ("year", {"issued": Date(2015)}, {"issued": Date(2015, 3)}, "exact"),
        ("year", {"issued": Date(2015)}, {"issued": Date(2018)}, "conflict"),
        ("year", {"issued": Date(literal="c. 2015")}, {"issued": Date(2015)}, "exact"),
        ("year", {"issued": Date(literal="in press")}, {"issued": Date(2015)}, "missing"),
        ("volume", {"volume": "Vol. 12"}, {"volume": "12"}, "exact"),
        ("volume", {"volume": "XII"}, {"volume": "12"}, "exact"),
        ("volume", {"volume": "12-13"}, {"volume": "13"}, "weak"),
        ("volume", {"volume": "12"}, {"volume": "13"}, "conflict"),
        ("issue", {"issue": "Suppl."}, {"issue": "3"}, "missing"),
        ("page", {"page": "12-34"}, {"page": "12"}, "exact"),
        ("page", {"page": "123-8"}, {"page": "123-128"}, "exact"),
        ("page", {"page": "12-34"}, {"page": "12-35"}, "strong"),
        ("page", {"page": "12-34"}, {"page": "13-34"}, "weak"),
        ("page", {"page": "12-34"}, {"page": "20-34"}, "conflict"),
        ("page", {"page": "12-34"}, {"page": "13-35"}, "conflict"),
        ("page", {"page": "1-9"}, {"page": "471-479"}, "missing"),
        ("page", {"page": "1"}, {"page": "471"}, "conflict"),
        ("page", {"page": "e00123"}, {"number": "123"}, "exact"),
        ("page", {"page": "061102"}, {"number": "061102"}, "exact"),
        ("page", {"page": "1-12"}, {"number": "061102"}, "missing"),
        ("page", {"page": "pp. 12-34"}, {"page": "12"}, "exact"),
        ("venue", {"container_title": "Phys. Rev. Lett."},
         {"container_title": "Physical Review Letters"}, "strong"),
        ("venue", {"container_title": "Nature"}, {"container_title": "Cell Reports"}, "conflict"),
        ("venue", {"container_title": "Nature"}, {}, "missing"),
        ("venue", {"container_title": "ISSN 0028-0836"},
         {"container_title": "Nature", "ISSN": "0028-0836"}, "exact"),
        ("venue", {"container_title": "Nature, Macmillan"},
         {"container_title": "Nature"}, "weak"),
        ("venue", {"container_title": "a, " * 600}, {"container_title": "b, " * 600}, "conflict"),
        ("venue", {"container_title": "0028-0836"}, {"container_title": "Nature"}, "missing"),
        ("venue", {"container_title": "Z. f. N.", "ISSN": "0028-0836"},
         {"container_title": "Nature", "ISSN": "0028-0836, 1476-4687"}, "strong"),
    ],
)  # fmt: skip
def test_places(
    feature: str, ours: dict[str, Value], theirs: dict[str, Value], expected: str
) -> None:
    found = level(feature, made(**ours), made(**theirs))

    assert found == expected or (expected, found) == ("strong", "exact")


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ("article-journal", "article-journal", "exact"),
        ("paper-conference", "article-journal", "exact"),
        ("chapter", "paper-conference", "strong"),
        ("document", "book", "missing"),
        ("book", "chapter", "conflict"),
        ("book", "article-journal", "conflict"),
        ("thesis", "article-journal", "conflict"),
        ("report", "article-journal", "conflict"),
        ("report", "book", "weak"),
        ("document", "periodical", "conflict"),
    ],
)
def test_types(ours: str, theirs: str, expected: str) -> None:
    assert level("type", made(ours, title="A"), made(theirs, title="A")) == expected


def test_print_and_online_years_both_count() -> None:
    theirs = made(issued=Date(2012))
    online = Entry("k", "article-journal", theirs.fields, (Field("published-online", Date(2010)),))

    assert level("year", made(issued=Date(2010)), online) is Level.EXACT
    assert level("year", made(issued=Date(2011)), online) is Level.EXACT
    assert level("year", made(issued=Date(2009)), online) is Level.WEAK


def test_ids() -> None:
    ours = made(DOI="https://doi.org/10.1000/ABC", ISBN="978-0-521-66201-7")
    theirs = made(DOI="10.1000/abc", ISBN="9780521662017, 9780521037174")

    assert level("DOI", ours, theirs) is Level.EXACT
    assert level("ISBN", ours, theirs) is Level.EXACT
    assert level("DOI", ours, made(DOI="10.1000/abd")) is Level.CONFLICT


def test_the_arxiv_id_of_an_eprint_is_that_of_the_datacite_doi() -> None:
    eprint = (Field("eprint", "1706.03762v5"), Field("archiveprefix", "arXiv"))
    ours = Entry("k", "document", extra=eprint)

    assert level("arXiv", ours, made(DOI="10.48550/arXiv.1706.03762")) is Level.EXACT


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Author Correction: Deep sea fish", Kind.NOTICE),
        ("Publisher Correction: Deep sea fish", Kind.NOTICE),
        ("Correction to Enhanced Gas Uptake", Kind.NOTICE),
        ("Erratum", Kind.NOTICE),
        ("Corrigendum to “Deep sea fish”", Kind.NOTICE),
        ("Retraction notice to: Deep sea fish", Kind.NOTICE),
        ("Retraction Note: Deep sea fish", Kind.NOTICE),
        ("Deep sea fish: erratum", Kind.NOTICE),
        ("Expression of Concern: Deep sea fish", Kind.NOTICE),
        ("Benefits and Risks of Aspirin Use—Reply", Kind.REPLY),
        ("Reply to “Deep sea fish”", Kind.REPLY),
        ("Comment on \"Deep sea fish\"", Kind.REPLY),
        ("Authors' response: Deep sea fish", Kind.REPLY),
        ("In reply", Kind.REPLY),
        ("Letter to the Editor: Deep sea fish", Kind.REPLY),
        ("Decision letter for \"Deep sea fish\"", Kind.PEER_REVIEW),
        ("Author response for \"Deep sea fish\"", Kind.PEER_REVIEW),
        ("Book Review: Deep sea fish", Kind.REVIEW),
        ("Review of Deep sea fish", Kind.REVIEW),
        ("Deep sea fish. By A. Angler. Pp. 312. £30", Kind.REVIEW),
        ("Deep sea fish (review)", Kind.REVIEW),
        ("Faculty Opinions recommendation of Deep sea fish.", Kind.RECOMMENDATION),
        ("Abstract P123: Deep sea fish", Kind.RECOMMENDATION),
        ("Data from: Deep sea fish", Kind.SUPPLEMENT),
        ("Supplementary material to \"Deep sea fish\"", Kind.SUPPLEMENT),
        ("RETRACTED: Deep sea fish", Kind.WORK),
        ("Deep sea fish: a systematic review", Kind.WORK),
        ("Discussing driving concerns with older patients", Kind.WORK),
        ("Responses of fish to light", Kind.WORK),
        ("Deep sea fish", Kind.WORK),
    ],
)  # fmt: skip
def test_kinds_of_decoys(title: str, kind: Kind) -> None:
    assert kind_of_title(title)[0] is kind


def test_the_weights_fall_with_the_level_and_each_has_a_reason() -> None:
    order = [Level.EXACT, Level.STRONG, Level.WEAK, Level.MISSING, Level.CONFLICT]
    for feature in {name for name, _ in WEIGHTS}:
        known = [points(feature, each) for each in order if (feature, each) in WEIGHTS]
        assert known == sorted(known, reverse=True)
    assert all(weight.why for weight in WEIGHTS.values())
