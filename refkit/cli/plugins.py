"""`refkit plugins`: what is registered, from where, and what does not load."""

from __future__ import annotations

import click

from refkit import plugins


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
    for group in plugins.GROUPS:
        click.echo(group.removeprefix("refkit."))
        for each in found:
            if each.group == group:
                click.echo(f"  {each.name:<{width}}  {each.origin}")
                if each.fault:
                    click.echo(f"  {'':<{width}}  FAULT: {each.fault}")
    raise click.exceptions.Exit(1 if any(each.fault for each in found) else 0)
