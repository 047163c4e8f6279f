"""What is so after something happened to a story: a sentence, and nothing left behind."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

from bank_side import journal
from lockwright.errors import LockwrightError
from opened_window import Opened
from screen_reader import Seen
from walking import Shown, Walking
from window_tree import windows

ENDING = 25.0
"""Seconds until the window has gone, on a busy machine."""
RESTS = 25.0
"""Until what it had to do for a story has ended."""
UNFINISHED = "is not finished"
COUNTED = "gone."
"""How the result of a deletion says what it cost."""


def codes(kind: type[LockwrightError] = LockwrightError) -> set[str]:
    """Every code of the catalogue, save that of what nobody foresaw."""
    found = {each.code for each in kind.__subclasses__()}
    return found.union(*map(codes, kind.__subclasses__())) - {LockwrightError.code}


def ends_in_a_sentence(case: Walking, *, well: bool) -> str:
    """One page says how it ended: well, or what happened and what that cost; its words.

    Args:
        case: the walk.
        well: whether it ought to have ended well.
    """
    if case.gone:
        return ""  # such a story leaves no page: the main window shows what it read
    last, step = case.pages[-1], case.shown[-1]
    said = " ".join(last.words.splitlines())
    assert "went wrong inside" not in said
    if last.well and not step.code:
        return f"{last.heading}: {said}"
    if case.walk.waiting(last):
        return f"{last.heading}: {said}"
    assert not well or case.held, said
    assert last.over, [each.heading for each in case.pages]
    _is_of_the_catalogue(step, said)
    assert _times_told(case, step) <= 1
    return f"{last.heading}: {step.message} {step.cost}".strip()


def _is_of_the_catalogue(step: Shown, said: str) -> None:
    assert step.code in codes(), step
    message = " ".join(step.message.split())
    assert said.count(message) == 1 or COUNTED in said, (message, said)
    cost = " ".join(step.cost.split())
    told = (cost and cost in said) or COUNTED in said or "Nothing is left of it" in said
    assert told, (step, said)


def _times_told(case: Walking, step: Shown) -> int:
    """In how many windows it stands; the step of a story may wait for another story."""
    message = " ".join(step.message.split())
    shown = [" ".join(word for each in one for word in each.words()) for one in _all(case)]
    return sum(message in " ".join(words.split()) for words in shown)


def _all(case: Walking) -> list[list[Seen]]:
    return list(windows(case.window.tree()))


def goes_on(case: Walking) -> None:
    """The story is closed, the token is back: the window goes on, and has what the journal has."""
    case.mend()
    window = case.window
    _is_seen(window)
    _rests(case)
    _agrees(case)
    assert window.errors == ""


def ends(case: Walking) -> None:
    """The window ends, leaves no process and says nothing on stderr; the audit trail is whole."""
    window, home = case.window, case.home
    window.close()
    assert window.ended(ENDING) == 0
    assert window.errors == ""
    assert window.left() == []
    if home.program.audit.exists():
        config = [] if home.config is None else ["--config", str(home.config)]
        told = home.program.run("audit", "verify", *config)
        assert told.code == 0, told


def _is_seen(window: Opened) -> None:
    """The token is there; who is told that a look at it took too long has it looked at again."""
    for _ in range(4):
        with suppress(TimeoutError):
            window.wait_for("Serial number", "User PIN:", seconds=10)
            return
        window.keys("F5")
    raise AssertionError(window.words())


def _rests(case: Walking) -> None:
    """No thread and no child is there that was begun for the story."""
    until = time.monotonic() + RESTS
    while not case.rests:
        assert time.monotonic() < until, (case.window.family, case.what_threads_do())
        time.sleep(0.1)


def starts_again(case: Walking) -> None:
    """What was ended by force left no process; the window is begun anew."""
    assert case.window.left() == []
    assert case.window.errors == ""
    case.device.set("delay", 0)
    case.open_again()


def _agrees(case: Walking) -> None:
    """The window offers to go on with what the journal has."""
    state = Path(case.home.program.environment["XDG_STATE_HOME"])
    is_there = any((state / "lockwright" / "enrolments").glob("*.json"))
    number = len(journal(case.home)) if is_there else 0
    case.window.until(
        lambda: case.window.words().count(UNFINISHED) == number,
        seconds=RESTS,
        why=f"the journal has {number}",
    )
