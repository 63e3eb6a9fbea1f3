"""Plugins are found by entry points; a broken one costs a warning, never the run.

Third parties are real distributions on `sys.path`: a module and its dist-info, made for the
test and seen by a Python of its own, since entry points are read once in a process.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from refkit import plugins
from refkit.errors import PluginError

GOOD = """
from refkit.plugins import Format

FORMAT = Format("clay", (".clay",))
"""

SOURCES = """
class Faulty:
    name = "faulty"
    batch = 0

    def lookup(self, dois):
        raise KeyError(dois[0])

    def search(self, query):
        raise SystemError("out of ink")


def create(settings):
    return Faulty()


def cannot(settings):
    raise RuntimeError("no shelf")
"""

Install = Callable[..., None]
Run = Callable[[str], Any]


@pytest.fixture
def install(tmp_path: Path) -> Install:
    """Make a distribution that registers entry points, without pip and without a network."""

    def make(name: str, points: dict[str, dict[str, str]], **modules: str) -> None:
        info = tmp_path / f"{name.replace('-', '_')}-1.2.dist-info"
        info.mkdir()
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n"
        (info / "METADATA").write_text(metadata, encoding="utf-8")
        groups = (
            f"[{group}]\n" + "".join(f"{key} = {value}\n" for key, value in values.items())
            for group, values in points.items()
        )
        (info / "entry_points.txt").write_text("\n".join(groups), encoding="utf-8")
        for module, code in modules.items():
            (tmp_path / f"{module}.py").write_text(code, encoding="utf-8")

    return make


@pytest.fixture
def run(tmp_path: Path, root: Path) -> Run:
    """Run code in a fresh Python that sees the distributions made; return what it prints."""

    def execute(code: str) -> Any:
        path = os.pathsep.join([str(tmp_path), str(root)])
        done = subprocess.run(
            [sys.executable, "-c", f"import json\nfrom refkit import plugins\n{code}"],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return execute


BROKEN = {
    "noimport": "import a_module_that_does_not_exist\n",
    "raises": "raise ValueError('bad plugin day')\n",
    "unparsable": "def (:\n",
    "nothing": "",
}


@pytest.mark.parametrize(
    ("module", "fault"),
    [
        ("noimport", "ModuleNotFoundError"),
        ("raises", "ValueError: bad plugin day"),
        ("unparsable", "SyntaxError"),
        ("nothing", "AttributeError"),
        ("gone", "ModuleNotFoundError"),
    ],
)
def test_a_plugin_that_does_not_load_costs_one_warning_that_names_it(
    install: Install, run: Run, module: str, fault: str
) -> None:
    install("clay-tablets", {"refkit.formats": {"clay": f"{module}:FORMAT"}}, **BROKEN)
    registered, found, faults = run(
        "import warnings\n"
        "with warnings.catch_warnings(record=True) as said:\n"
        "    warnings.simplefilter('always')\n"
        "    found = list(plugins.loaded('refkit.formats'))\n"
        "names = plugins.registered('refkit.formats')\n"
        "print(json.dumps([len(names), len(found), [str(each.message) for each in said]]))"
    )
    ours = [each for each in faults if "'clay'" in each]
    assert len(ours) == 1
    assert "clay-tablets" in ours[0]
    assert fault in ours[0]
    assert found + len(faults) == registered


def test_a_plugin_that_loads_is_there_beside_a_broken_one(install: Install, run: Run) -> None:
    install("broken-thing", {"refkit.formats": {"broken": "raises:FORMAT"}}, **BROKEN)
    install("good-thing", {"refkit.formats": {"clay": "good_thing:FORMAT"}}, good_thing=GOOD)
    name, suffixes = run(
        "made = plugins.load('refkit.formats', 'clay')\n"
        "print(json.dumps([made.name, made.suffixes]))"
    )
    assert (name, suffixes) == ("clay", [".clay"])


def test_asking_for_a_broken_plugin_by_name_is_a_plugin_error(install: Install, run: Run) -> None:
    install("broken-thing", {"refkit.rules": {"XXX001": "raises:RULE"}}, **BROKEN)
    message = run(
        "from refkit.errors import PluginError\n"
        "try:\n"
        "    plugins.load('refkit.rules', 'XXX001')\n"
        "except PluginError as error:\n"
        "    print(json.dumps(str(error)))"
    )
    assert "XXX001" in message
    assert "broken-thing" in message
    assert "bad plugin day" in message


def test_an_unknown_name_is_a_plugin_error_that_tells_the_known_ones() -> None:
    with pytest.raises(PluginError, match=r"no format named 'papyrus'; known: .*bibtex"):
        plugins.load("refkit.formats", "papyrus")


@pytest.mark.parametrize("distribution", ["aaa-first-of-all", "zzz-last-of-all"])
def test_a_third_party_cannot_displace_a_built_in(
    install: Install, run: Run, distribution: str
) -> None:
    points = {"refkit.formats": {"bibtex": "usurper:FORMAT"}}
    install(distribution, points, usurper=GOOD)
    named = run(
        "points = [p for p in plugins.registered('refkit.formats') if p.name == 'bibtex']\n"
        "print(json.dumps([p.value for p in points]))"
    )
    assert len(named) == 2
    assert named[0].startswith("refkit.formats.")


def test_the_survey_tells_origin_and_fault_of_all_four_groups(install: Install, run: Run) -> None:
    points = {
        "refkit.formats": {"clay": "good_thing:FORMAT"},
        "refkit.sources": {"shelf": "noimport:create"},
        "refkit.rules": {"XXX001": "raises:RULE"},
        "refkit.commands": {"dance": "nothing:command"},
    }
    install("odd-things", points, good_thing=GOOD, **BROKEN)
    rows = run(
        "rows = [(p.group, p.name, p.origin, p.fault) for p in plugins.survey()]\n"
        "print(json.dumps([r for r in rows if 'odd-things' in r[2]]))"
    )
    assert [(group, name) for group, name, _, _ in rows] == [
        ("refkit.formats", "clay"),
        ("refkit.sources", "shelf"),
        ("refkit.rules", "XXX001"),
        ("refkit.commands", "dance"),
    ]
    assert {origin.split(" (")[0] for _, _, origin, _ in rows} == {"odd-things 1.2"}
    assert [bool(fault) for _, _, _, fault in rows] == [False, True, True, True]


def test_the_order_is_by_distribution_and_name_whatever_the_path(
    install: Install, run: Run
) -> None:
    install("bbb", {"refkit.rules": {"BBB002": "nothing:X", "BBB001": "nothing:X"}}, **BROKEN)
    install("aaa", {"refkit.rules": {"AAA001": "nothing:X"}})
    names = run(
        "names = [p.name for p in plugins.registered('refkit.rules')]\n"
        "print(json.dumps([n for n in names if n[:3] in ('AAA', 'BBB')]))"
    )
    assert names == ["AAA001", "BBB001", "BBB002"]


@pytest.mark.parametrize(
    ("point", "call", "fault"),
    [
        ("odd_sources:create", "lookup(['10.1/x'])", "KeyError"),
        ("odd_sources:create", "search(None)", "SystemError: out of ink"),
        ("odd_sources:cannot", "search(None)", "RuntimeError: no shelf"),
        ("noimport:create", "search(None)", "ModuleNotFoundError"),
    ],
)
def test_a_source_that_raises_leaves_its_questions_unchecked(
    install: Install, run: Run, point: str, call: str, fault: str
) -> None:
    install("odd-sources", {"refkit.sources": {"odd": point}}, odd_sources=SOURCES, **BROKEN)
    message, batch = run(
        "from refkit.config import SourceSettings\n"
        "from refkit.errors import SourceError\n"
        "made, _ = plugins.source('odd', SourceSettings())\n"
        "try:\n"
        f"    made.{call}\n"
        "except SourceError as error:\n"
        "    print(json.dumps([str(error), made.batch]))"
    )
    assert fault in message
    assert "odd" in message
    assert batch >= 1


def test_a_source_that_does_not_load_gives_one_warning(install: Install, run: Run) -> None:
    install("odd-sources", {"refkit.sources": {"odd": "noimport:create"}}, **BROKEN)
    warning = run(
        "from refkit.config import SourceSettings\n"
        "print(json.dumps(plugins.source('odd', SourceSettings())[1]))"
    )
    assert "'odd' of odd-sources does not load" in warning


def test_an_unknown_source_is_a_plugin_error() -> None:
    with pytest.raises(PluginError, match="no source named 'oracle'"):
        plugins.source("oracle", None)


def test_a_format_that_fails_is_named(install: Install, run: Run) -> None:
    code = """
from refkit.plugins import Format

def read(source):
    raise KeyError("clay")

FORMAT = Format("clay", (".clay",), read)
"""
    install("clay-tablets", {"refkit.formats": {"clay": "clay_format:FORMAT"}}, clay_format=code)
    message = run(
        "import refkit\n"
        "try:\n"
        "    refkit.parse('x', 'clay')\n"
        "except refkit.PluginError as error:\n"
        "    print(json.dumps(str(error)))\n"
    )
    assert message == "format 'clay' failed: KeyError: 'clay'"
