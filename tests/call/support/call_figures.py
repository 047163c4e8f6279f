"""What a call took of each side: seconds of machine, keys and clicks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

KEY, CLICK = 0.28, 1.7
"""Seconds that a hand takes for a key, and for a click with the way to the mouse: an average typist
of Card, Moran, Newell, "The Keystroke-Level Model for User Performance Time with Interactive
Systems", CACM 23 (1980) 7: K 0.28; H 0.4, P 1.1, B twice 0.1."""


@dataclass(frozen=True)
class Hands:
    """What somebody pressed."""

    keys: int
    clicks: int = 0

    def since(self, before: Hands) -> Hands:
        """What they pressed since."""
        return Hands(self.keys - before.keys, self.clicks - before.clicks)

    @property
    def seconds(self) -> float:
        """How long that takes."""
        return self.keys * KEY + self.clicks * CLICK

    def __str__(self) -> str:
        return f"{self.keys}+{self.clicks}"


@dataclass(frozen=True)
class Call:
    """One call, done."""

    what: str
    machine: float
    """Seconds from the client's command to the closed case, by a driver that does not wait."""
    client: Hands
    operator: Hands
    approver: Hands

    @property
    def clicks(self) -> float:
        """Seconds of machine and of clicks, without the talking and what is typed meanwhile."""
        sides = (self.client, self.operator, self.approver)
        return self.machine + sum(each.clicks for each in sides) * CLICK

    @property
    def whole(self) -> float:
        """The same with every key, too, as if nobody typed while the other talks."""
        hands = (self.client, self.operator, self.approver)
        return self.machine + sum(each.seconds for each in hands)


def table(calls: Iterable[Call]) -> Iterator[str]:
    """A line for each."""
    yield ""
    yield f"{'':52}{'machine':>9}{'+clicks':>9}{'+keys':>8}   keys+clicks of"
    yield f"{'':52}{'s':>9}{'s':>9}{'s':>8}   {'client':>8}{'operator':>10}{'approver':>10}"
    for each in calls:
        hands = f"{each.client!s:>8}{each.operator!s:>10}{each.approver!s:>10}"
        yield f"{each.what:52}{each.machine:9.1f}{each.clicks:9.1f}{each.whole:8.1f}   {hands}"
