"""Entries to CSL-YAML text, as pandoc reads it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from refkit.formats.csljson.item import entry_to_item
from refkit.formats.csljson.tables import KINDS, SCHEMA_NAMES
from refkit.formats.csljson.write import problems_of, works_and_data
from refkit.formats.cslyaml.markup import escape, to_markdown
from refkit.model.entry import Entry
from refkit.model.report import Written
from refkit.normalise.dates import format_edtf

_VERBATIM = frozenset({"DOI", "URL", "ISBN", "ISSN", "PMID", "PMCID", "page", "page-first"})
_AMBIGUOUS = frozenset("yYnN")
_NAMES = {name: variable for variable, name in SCHEMA_NAMES.items()}


def write(entries: Sequence[Entry]) -> Written:
    """Write entries as YAML metadata with a list `references`, its texts in pandoc's Markdown."""
    import yaml

    base: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    dumper: Any = type("_Dumper", (base,), {"ignore_aliases": lambda *_: True})
    dumper.add_representer(str, _represented)
    works, data, problems = works_and_data(entries)
    items = [_yaml_item(entry, held) for entry, held in zip(works, data, strict=True)]
    text = yaml.dump(
        {"references": items},
        Dumper=dumper,
        allow_unicode=True,
        default_flow_style=False,
        sort_keys=False,
        width=1_000_000,
    )
    return Written(f"---\n{text}...\n", (*problems, *problems_of(works)))


def _represented(dumper: Any, text: str) -> Any:
    # Pandoc reads YAML 1.1, where a bare y or n is a truth value; PyYAML would not quote it.
    style = "'" if text in _AMBIGUOUS else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _yaml_item(entry: Entry, data: Sequence[Entry]) -> dict[str, Any]:
    item = entry_to_item(entry, data)
    for field in entry.fields:
        date = entry.date(field.name)
        if date is not None and field.name in item:
            item[field.name] = {"literal": date.literal} if date.literal else format_edtf(date)
            _forget(item, field.name)
    return {name: _written(_NAMES.get(name, name), value) for name, value in item.items()}


def _forget(item: dict[str, Any], name: str) -> None:
    """Drop the exact date from `custom`: here the date itself is exact."""
    ours = item.get("custom", {}).get("refkit", {})
    variables = ours.get("variables", {})
    variables.pop(name, None)
    if "variables" in ours and not variables:
        del ours["variables"]
    if "refkit" in item.get("custom", {}) and not ours:
        del item["custom"]["refkit"]
    if "custom" in item and not item["custom"]:
        del item["custom"]


def _written(name: str, value: Any) -> Any:
    if isinstance(value, str):
        is_text = KINDS.get(name) == "text" and name not in _VERBATIM
        return to_markdown(value) if is_text else escape(value)
    if isinstance(value, list):
        return [_written("", each) for each in value]
    if isinstance(value, dict):
        return {member: _written("", each) for member, each in value.items()}
    return value
