"""The few errors that refkit raises; everything else that is wrong becomes a `Diagnostic`."""

from __future__ import annotations


class RefkitError(Exception):
    """Base of all errors that refkit raises on purpose; its text is fit to be shown to a user."""


class InputError(RefkitError):
    """A file or an argument that cannot be used at all (exit code 2)."""


class SourceError(RefkitError):
    """A source could not answer, so what was asked of it is *unchecked* (exit code 3)."""

    def __init__(self, source: str, reason: str, *, final: bool = False) -> None:
        """Name the source and why it failed; `final` says that asking on is useless this run."""
        super().__init__(f"{source}: {reason}")
        self.source = source
        self.reason = reason
        self.final = final


class PluginError(RefkitError):
    """A plugin that was asked for by name is missing or does not load."""
