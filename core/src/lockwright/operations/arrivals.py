"""What came and what went: the slots with a token, now and when they were looked at last."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from lockwright.contract.taken_secrets import doors
from lockwright.errors import LockwrightError
from lockwright.host.watchers import Watchers
from lockwright.models import Waits
from lockwright.operations.detect import Problem
from lockwright.records import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where a token is."""

    module: Path
    """Absolute path of the module."""
    slot: int
    """Id of the slot, as ``TokenIdentity.slot``."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What is another way since the look before."""

    came: tuple[Place, ...]
    """Slots that have a token now and had none; at the first look all that have one."""
    went: tuple[Place, ...]
    """Slots that had a token and have none, or are gone."""
    problems: tuple[Problem, ...] = ()
    """Modules that could not be asked. What they showed last counts until they can be."""

    moved: tuple[Path, ...] = ()
    """Modules at which another program's Request began to wait, or ended; not at the first look."""

    def __bool__(self) -> bool:
        return bool(self.came or self.went or self.moved)


@doors(ends={"close"})
class Arrivals:
    """Tells which tokens came and went, by ``C_GetSlotList`` alone; see ``Runner.arrivals``.

    Args:
        watchers: ask the modules.
    """

    def __init__(self, watchers: Watchers) -> None:
        self._watchers = watchers
        self._shown: dict[Path, frozenset[int]] = {}
        self._waits: dict[Path, Waits] | None = None

    def look(self) -> Changes:
        """What came and went since the last look, by all modules side by side.

        A token that was pulled out and put back between two looks, or another in its place, shows
        in no slot list, unless the module gives it another slot.

        Raises:
            Stopped: another thread has closed it meanwhile.
            RuntimeError: it is closed.
        """
        came: set[Place] = set()
        went: set[Place] = set()
        problems = []
        for module, shown in self._watchers.look().items():
            if isinstance(shown, LockwrightError):
                problems.append(Problem(str(module), shown))
                continue
            before = self._shown.get(module, frozenset())
            came |= {Place(module, slot) for slot in shown - before}
            went |= {Place(module, slot) for slot in before - shown}
            self._shown[module] = shown
        return Changes(_in_order(came), _in_order(went), tuple(problems), self._moved())

    def _moved(self) -> tuple[Path, ...]:
        before, self._waits = self._waits, self._watchers.waits()
        known = self._waits if before is None else before
        modules = sorted(known.keys() | self._waits.keys())
        return tuple(each for each in modules if known.get(each) != self._waits.get(each))

    def close(self) -> None:
        """End the processes that look."""
        self._watchers.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()


def _in_order(places: set[Place]) -> tuple[Place, ...]:
    return tuple(sorted(places, key=lambda each: (each.module, each.slot)))
