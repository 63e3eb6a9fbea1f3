"""`refkit plugins`: what is registered, from where, and what does not load."""

from __future__ import annotations

import click

from refkit import plugins
from refkit.cli import show


@click.command()
def command() -> None:
    """List formats, sources, rules and commands with their origin and faults.

    A plugin that does not load is listed with its fault (exit code 1).

    \b
    Example:
      refkit plugins
    """
    found = plugins.survey()
    width = max(len(each.name) for each in found)
    said = []
    for group in plugins.GROUPS:
        said.append(group.removeprefix("refkit."))
        for each in found:
            if each.group == group:
                said.append(f"  {each.name:<{width}}  {each.origin}")
                said += [f"  {'':<{width}}  FAULT: {each.fault}"] if each.fault else []
    show.lines(said)
    raise click.exceptions.Exit(1 if any(each.fault for each in found) else 0)
