"""Time and chance for tests of what waits."""

from __future__ import annotations

from dataclasses import dataclass, field

from refkit.net.fetch import Surroundings

START = 1_790_000_000.0


@dataclass
class Time:
    """A clock that stands still but for the sleeping."""

    at: float = 0.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.at += seconds

    def surroundings(self) -> Surroundings:
        return Surroundings(
            clock=lambda: self.at,
            sleep=self.sleep,
            now=lambda: START + self.at,
            chance=lambda: 0.5,
        )

    def waits(self) -> list[float]:
        """Return the waits that are not mere pacing."""
        return [wait for wait in self.slept if wait > 0.05]
