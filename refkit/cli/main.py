"""The `refkit` command: finds its subcommands through entry points and maps errors to exits.

Exit codes of every subcommand: 0 done and clean, 1 findings, 2 wrong usage or an unreadable
file, 3 something could not be checked.
"""

from __future__ import annotations

import logging
import sys
import warnings
from io import TextIOWrapper

import click

from refkit import __version__, plugins
from refkit.cli import show
from refkit.errors import PluginError, RefkitError, SourceError

GROUP = "refkit.commands"


class CommandGroup(click.Group):
    """A group whose commands are plugins, loaded only when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all registered commands, sorted."""
        return sorted({point.name for point in plugins.registered(GROUP)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command; one that does not load is left out with a warning."""
        if all(point.name != cmd_name for point in plugins.registered(GROUP)):
            return None
        try:
            found = plugins.load(GROUP, cmd_name)
        except PluginError as error:
            show.warn(str(error))
            return None
        if not isinstance(found, click.Command):
            show.warn(f"plugin {cmd_name!r}: a {type(found).__name__} is no command of click")
            return None
        return found


@click.command(cls=CommandGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="refkit")
def cli() -> None:
    """Read, enrich, check and convert bibliographies.

    Nothing is written to your file unless you ask for it (--in-place). Example:

    \b
      refkit enrich refs.bib --mailto you@example.org --diff
    """


def run() -> None:
    """Run the command line and exit."""
    run_command(cli)


def run_command(command: click.Command) -> None:
    """Run a command as a program, and exit."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal may lack letters that a file has
            stream.reconfigure(errors="backslashreplace")
    logging.basicConfig(format="refkit: %(message)s", level=logging.WARNING)
    warnings.showwarning = lambda message, *_args, **_named: show.warn(str(message))
    try:
        sys.exit(command.main(standalone_mode=False) or 0)
    except click.exceptions.Abort:
        show.warn("interrupted; no file was left half-written")
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except SourceError as error:
        show.warn(str(error))
        sys.exit(3)
    except RefkitError as error:
        show.warn(str(error))
        sys.exit(2)
    except OSError as error:
        show.warn(f"the system refused: {error}")
        sys.exit(2)
