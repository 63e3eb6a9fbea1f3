"""OpenAlex, Semantic Scholar and DBLP on loopback, in the forms that they document.

The records are made from facts that anybody may look up.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from refkit.net.httpd import Response

LEARNING = "10.1038/nature14539"
THREE = ("Yann LeCun", "Yoshua Bengio", "Geoffrey Hinton")

WORKS: list[dict[str, Any]] = [
    {
        "id": "https://openalex.org/W2919115771",
        "doi": f"https://doi.org/{LEARNING}",
        "display_name": "Deep learning",
        "authorships": [
            {"author": {"id": f"https://openalex.org/A{n}", "display_name": name},
             "author_position": "middle", "raw_author_name": name}
            for n, name in enumerate(THREE)
        ],
        "is_authors_truncated": False,
        "primary_location": {
            "source": {"display_name": "Nature", "issn_l": "0028-0836", "type": "journal",
                       "host_organization_name": "Nature Portfolio"}
        },
        "publication_year": 2015,
        "publication_date": "2015-05-26",
        "type": "review",
        "biblio": {"volume": "521", "issue": "7553", "first_page": "436", "last_page": "444"},
        "language": "en",
        "ids": {"pmid": "https://pubmed.ncbi.nlm.nih.gov/26017442"},
        "is_retracted": False,
    },
    {
        "id": "https://openalex.org/W1",
        "doi": "https://doi.org/10.1000/withdrawn",
        "display_name": "A finding that was <i>not</i> one",
        "authorships": [{"author": {"display_name": "Ann Example"}, "raw_author_name": None}],
        "is_authors_truncated": True,
        "primary_location": {"source": None},
        "publication_year": 1998,
        "publication_date": "1998-01-01",
        "type": "article",
        "biblio": {"volume": None, "issue": None, "first_page": "637", "last_page": "637"},
        "is_retracted": True,
    },
]  # fmt: skip

PAPERS: list[dict[str, Any]] = [
    {
        "paperId": "2913c2bf3f92b5ae369400a42b2d27cc5bc05ecb",
        "externalIds": {"DOI": LEARNING, "PubMed": "26017442", "CorpusId": 1},
        "url": "https://www.semanticscholar.org/paper/2913c2bf3f92b5ae369400a42b2d27cc5bc05ecb",
        "title": "Deep Learning",
        "venue": "Nature",
        "year": 2015,
        "publicationVenue": {"name": "Nature", "type": "journal", "issn": "0028-0836"},
        "publicationTypes": ["JournalArticle", "Review"],
        "publicationDate": "2015-05-27",
        "journal": {"name": "Nature", "volume": "521", "pages": "436-444"},
        "authors": [{"authorId": str(n), "name": name} for n, name in enumerate(THREE)],
    },
    {
        "paperId": "204e3073870fae3d05bcbc2f6a8e263d9b72e776",
        "externalIds": {"ArXiv": "1706.03762", "DBLP": "conf/nips/VaswaniSPUJGKP17"},
        "url": "https://www.semanticscholar.org/paper/204e3073870fae3d05bcbc2f6a8e263d9b72e776",
        "title": "Attention is All you Need",
        "venue": "Neural Information Processing Systems",
        "year": 2017,
        "publicationVenue": {"name": "Neural Information Processing Systems", "type": "conference"},
        "publicationTypes": ["JournalArticle", "Conference"],
        "publicationDate": "2017-06-12",
        "journal": {"pages": "5998-6008"},
        "authors": [{"authorId": "1", "name": "Ashish Vaswani"}],
    },
]

HITS: list[dict[str, Any]] = [
    {
        "authors": {"author": [{"@pid": f"p/{n}", "text": name} for n, name in enumerate(THREE)]},
        "title": "Deep learning.",
        "venue": "Nat.",
        "volume": "521",
        "number": "7553",
        "pages": "436-444",
        "year": "2015",
        "type": "Journal Articles",
        "access": "closed",
        "key": "journals/nature/LeCunBH15",
        "doi": "10.1038/NATURE14539",
        "ee": "https://doi.org/10.1038/nature14539",
        "url": "https://dblp.org/rec/journals/nature/LeCunBH15",
    },
    {
        "authors": {"author": {"@pid": "w/1", "text": "Wei Wang 0001"}},
        "title": "On a Single Author.",
        "venue": "CoRR",
        "volume": "abs/2301.00001",
        "year": "2023",
        "type": "Informal and Other Publications",
        "key": "journals/corr/abs-2301-00001",
        "doi": "10.48550/ARXIV.2301.00001",
        "ee": "https://doi.org/10.48550/arXiv.2301.00001",
        "url": "https://dblp.org/rec/journals/corr/abs-2301-00001",
    },
]


def openalex(path: str, asked: Mapping[str, str]) -> Response:
    assert path == "works"
    name, _, value = asked["filter"].partition(":")
    if name == "doi":
        wanted = [f"https://doi.org/{doi}" for doi in value.split("|")]
        found = [each for each in WORKS if each["doi"] in wanted]
    else:
        assert name == "title.search"
        found = [each for each in WORKS if _holds(each["display_name"], value)]
    names = asked["select"].split(",")
    shown = [{k: v for k, v in each.items() if k in names} for each in found]
    page = shown[: int(asked.get("per-page", 25))]
    return _json(200, {"meta": {"count": len(found)}, "results": page, "group_by": []})


def semanticscholar(path: str, asked: Mapping[str, str]) -> Response:
    fields = ["paperId", *asked["fields"].split(",")]
    if path == "paper/search":
        found = [e for e in PAPERS if _holds(f"{e['title']} {e['authors']}", asked["query"])]
        if not found:
            return _json(200, {"total": 0, "offset": 0})
        return _json(
            200, {"total": len(found), "offset": 0, "data": [_only(e, fields) for e in found]}
        )
    kind, _, value = path.removeprefix("paper/").partition(":")
    name = {"DOI": "DOI", "ARXIV": "ArXiv", "PMID": "PubMed"}[kind]
    for each in PAPERS:
        if each["externalIds"].get(name) == value:
            return _json(200, _only(each, fields))
    return _json(404, {"error": f"Paper with id {kind}:{value} not found"})


def dblp(path: str, asked: Mapping[str, str]) -> Response:
    assert (path, asked["format"]) == ("search/publ/api", "json")
    found = [each for each in HITS if _holds(json.dumps(each), asked["q"])]
    hits: dict[str, Any] = {
        "@total": str(len(found)), "@computed": str(len(found)), "@sent": str(len(found)),
        "@first": "0",
    }  # fmt: skip
    if found:
        hits["hit"] = [{"@score": "9", "@id": "1", "info": each} for each in found]
    status = {"@code": "200", "text": "OK"}
    return _json(200, {"result": {"query": asked["q"], "status": status, "hits": hits}})


def _holds(text: str, words: str) -> bool:
    return all(word in text.lower() for word in words.lower().split())


def _only(paper: Mapping[str, Any], fields: list[str]) -> dict[str, Any]:
    return {name: paper[name] for name in fields if name in paper}


def _json(status: int, value: object) -> Response:
    return Response(status, {"content-type": "application/json"}, json.dumps(value).encode())
