"""Where in a story something can happen to it: at each page, and while something is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mishaps import MISHAPS, Mishap, When
from walking import WORK

_CHANGES = frozenset({"stories.enrol.taking.Taking", "stories.clean.deleting.Deleting"})
_CONFIRMS = "stories.enrol.confirm.Confirm"
_HALTS = frozenset(
    {
        "story.ended.Ended",
        "story.failed.Failed",
        "stories.clean.result.Result",
        "stories.enrol.held.Held",
        "stories.enrol.not_worked.NotWorked",
        "stories.locked_pin.LockedPin",
        "stories.new_pin.void.Void",
    }
)


@dataclass(frozen=True)
class Place:
    """Where in a story something can happen."""

    number: int
    """Of the page, the first being 0; -1 before the story is begun."""
    step: str
    """What is shown there; empty before the story is begun."""
    works: str
    """What is shown that works, once the person goes on; empty where nothing is."""
    changed: bool
    """Whether something was changed for good on the way there."""
    changes: bool
    """Whether something is, once the person goes on."""

    def bears(self, mishap: Mishap) -> bool:
        """Whether something can happen so here."""
        return bool(self.step) if MISHAPS[mishap] is When.SHOWN else bool(self.works)

    def spoilt(self, mishap: Mishap, shown: Sequence[str]) -> bool:
        """Whether a walk that begins anew after that may find something else.

        Args:
            mishap: what happened here.
            shown: every step that was shown until that had ended.
        """
        went = bool(_CHANGES & {*shown}) or _CONFIRMS in shown[:-1]
        return went or self.changed or (self.changes and MISHAPS[mishap] is When.WORKING)


def places(shown: Sequence[str]) -> list[Place]:
    """The places of a walk, save its end.

    Args:
        shown: the steps that it shows.
    """
    found = [Place(-1, "", shown[0], changed=False, changes=False)] if shown[0] in WORK else []
    pages = [number for number, step in enumerate(shown) if step not in WORK]
    changed = False
    for number, at in enumerate(pages):
        later = pages[number + 1] if number + 1 < len(pages) else len(shown)
        between = shown[at + 1 : later]
        then = shown[later] if later < len(shown) else ""
        if not between and not then:
            break  # it is the last one
        changes = bool(_CHANGES & {*between}) or then in _HALTS or shown[at] == _CONFIRMS
        works = between[0] if between else ""
        found.append(Place(number, shown[at], works, changed=changed, changes=changes))
        changed = changed or changes
    return found
