"""What happens to a token, its module and the window while a story is walked."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from enum import Enum

from walker import Page
from walking import Walking

HANGS = 3_600_000
"""Milliseconds that each call takes in a module that hangs."""
SLOW = 150
"""The same in one that is only slow."""
SOON = 0.3
"""Seconds until something happens amid what is done."""
STOPPING = 60.0
"""Until a stop has ended what it stops, on a busy machine."""


class When(Enum):
    """Where a mishap comes."""

    SHOWN = "while a page is shown"
    WORKING = "while something is done"


Mishap = Callable[[Walking, Page | None], None]


def pulled_out(case: Walking, page: Page | None) -> None:
    """The token is pulled out, and the person goes on."""
    case.device.unplug()
    case.out(case.settled() or page)


def closed(case: Walking, _page: Page | None) -> None:
    """The person cancels, and says yes where it is asked whether that is meant."""
    case.leave()


def killed(case: Walking, _page: Page | None) -> None:
    """The process is ended by force, with nobody asked."""
    case.window.process.kill()
    case.window.process.wait()


def pulled_out_at_work(case: Walking, page: Page | None) -> None:
    """The token is pulled out while something is done with it."""
    case.device.set("delay", SLOW)
    case.on(page)
    time.sleep(SOON)
    case.device.unplug()
    case.out(case.settled())


def hung(case: Walking, page: Page | None) -> None:
    """The module answers nothing any more; its deadline ends that."""
    case.device.set("delay", HANGS)
    case.on(page)
    case.out(case.settled())


def stopped(case: Walking, page: Page | None) -> None:
    """The module answers nothing any more, and the person presses Stop."""
    case.device.set("delay", HANGS)
    case.on(page)
    now = case.settled(working=True)
    if now is not None and now.works:
        pressed = time.monotonic()
        case.stop()
        now = case.settled()
        assert time.monotonic() - pressed < STOPPING
    case.out(now)


def closed_at_work(case: Walking, page: Page | None) -> None:
    """The person closes the story while the module hangs, and says yes where it is asked."""
    case.device.set("delay", HANGS)
    case.on(page)
    case.settled(working=True)
    case.leave()


def ended_at_work(case: Walking, page: Page | None) -> None:
    """The session ends while the module hangs."""
    case.device.set("delay", HANGS)
    case.on(page)
    case.window.signal(signal.SIGTERM)
    assert case.window.ended(STOPPING) == 0


def killed_at_work(case: Walking, page: Page | None) -> None:
    """The process is ended by force amid what it does."""
    case.device.set("delay", SLOW)
    case.on(page)
    time.sleep(SOON)
    killed(case, page)


MISHAPS: dict[Mishap, When] = {
    pulled_out: When.SHOWN,
    closed: When.SHOWN,
    killed: When.SHOWN,
    pulled_out_at_work: When.WORKING,
    hung: When.WORKING,
    stopped: When.WORKING,
    closed_at_work: When.WORKING,
    ended_at_work: When.WORKING,
    killed_at_work: When.WORKING,
}
"""Each, and where it comes."""
LEAVES = frozenset({closed, closed_at_work})
"""After these the story is gone, and says nothing any more."""
KILLS = frozenset({ended_at_work, killed, killed_at_work})
"""After these the window is gone."""
