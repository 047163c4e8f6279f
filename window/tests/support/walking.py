"""A story that is walked through in a window, up to where something happens to it."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from lockwright_testkit.sim import Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory
from opened_window import Opened
from scene import Scene
from walker import Page, Walk
from watched_window import THREADS, VARIABLE
from window_home import Home

OpenWindow = Callable[..., Opened]
DEADLINES = "\n[deadlines]\ninspect = 4\ncall = 4\n"
WORK = frozenset(
    {
        "story.working.Working",
        "stories.enrol.taking.Taking",
        "stories.clean.deleting.Deleting",
    }
)
"""Steps that show that something is done."""
_MODULE = "watched_window"
_PATIENCE = 25.0
_CHILDREN = 2
_THREADS = 5


@dataclass(frozen=True)
class Shown:
    """A step that the window showed."""

    step: str
    code: str = ""
    message: str = ""
    cost: str = ""


@dataclass
class Walking:
    """A walk in a window."""

    home: Home
    window: Opened
    walk: Walk
    opens: OpenWindow
    pages: list[Page] = field(default_factory=list)
    """Those that were seen after what happened; the last one says how it ended."""
    gone: bool = False
    """Whether the story ended with no page of its own."""

    def __post_init__(self) -> None:
        self._past = self.walk.past
        self.walk.seen = lambda: [each.step not in WORK for each in self.shown]

    @property
    def held(self) -> bool:
        """Whether the last page is one from which it could be gone on with."""
        return self.shown[-1].step == "stories.enrol.held.Held"

    @property
    def device(self) -> Simulator:
        """The token."""
        return self.home.tokens[0]

    @property
    def rests(self) -> bool:
        """Whether no thread and no child is there that has something to do.

        There are two children of the module, one of which only looks at its slots, a thread that
        listens to each, that of the window, one that begins others, and one that asks for looks.
        """
        return len(self.window.family) <= _CHILDREN and self.window.threads <= _THREADS

    @property
    def shown(self) -> list[Shown]:
        """Every step that was shown so far."""
        file = self.home.folder / "steps"
        lines = file.read_text().splitlines() if file.exists() else []
        return [Shown(**json.loads(line)) for line in lines]

    def what_threads_do(self) -> str:
        """Where each of the window's threads is, those of Python."""
        self.window.signal(signal.SIGUSR1)
        time.sleep(0.3)
        return (self.home.folder / f"steps{THREADS}").read_text()

    def to(self, number: int) -> Page | None:
        """Walk to a page; -1 is before the first one, None then."""
        return None if number < 0 else self.walk.to(self.window, number)

    def on(self, page: Page | None) -> None:
        """Go on from a page; from none the story is begun."""
        if page is not None:
            self.walk.on(self.window, page)
            return
        self.walk.begin(self.window)
        self.window.until(lambda: self.walk.page(self.window) is not None, why="it has not begun")

    def settled(self, *, working: bool = False) -> Page | None:
        """The page that is shown once nothing moves any more."""
        return self.walk.settled(self.window, working=working)

    def out(self, page: Page | None) -> None:
        """Walk on to the page that says how it ended."""
        self.pages += self.walk.out(self.window, page)
        self.gone = self.walk.page(self.window) is None

    def mend(self) -> None:
        """Close the story, put the token back, and have it answer: another walk may begin."""
        self.device.plug()
        self.device.set("delay", 0)
        self.leave()
        self.walk.past, self.pages, self.gone = self._past, [], False
        (self.home.folder / "steps").unlink(missing_ok=True)
        self.window.keys("F5")

    def open_again(self) -> None:
        """Open the window of the same home anew, where it was ended."""
        self.window = self.opens(self.home, module=_MODULE)
        self.window.wait_for("Serial number", "No token is connected")

    def stop(self) -> None:
        """Press what stops it, as long as something is to be stopped."""
        for name in ("Stop", "Stop at once"):
            with suppress(TimeoutError):
                self.window.until(partial(self._can, name), seconds=1.0)
                self.window.press(name)

    def _can(self, name: str) -> bool:
        found = self.window.find(name)
        return found is not None and found.enabled

    def leave(self) -> None:
        """Close the story, whatever it asks, until the main window is all there is."""
        until = time.monotonic() + _PATIENCE
        while (page := self.walk.page(self.window)) is not None:
            assert time.monotonic() < until, page.words
            if any(each.name == "Close all the same" for each in page.buttons):
                self.window.press("Close all the same")
            else:
                self.window.keys("Escape")
            time.sleep(0.15)

    def sleep(self, seconds: float) -> None:
        """Have all processes of the window stand still so long."""
        pids = [self.window.pid, *self.window.family]
        for each in pids:
            os.kill(each, signal.SIGSTOP)
        time.sleep(seconds)
        for each in reversed(pids):
            os.kill(each, signal.SIGCONT)


@contextmanager
def begun(
    scene: Scene, folder: Path, sim: SimulatorFactory, opens: OpenWindow
) -> Iterator[Walking]:
    """A walk that has not begun, in a window of its own.

    Args:
        scene: what is walked.
        folder: an empty folder.
        sim: makes its token, the only one that this process sees.
        opens: opens the window.
    """
    home = Home(folder / "home")
    with scene(home, sim, folder) as walk:
        home.configure((home.config.read_text() if home.config else "") + DEADLINES)
        home.more[VARIABLE] = str(home.folder / "steps")
        window = opens(home, module=_MODULE)
        window.wait_for("Serial number")
        case = Walking(home, window, walk, opens)
        yield case
        case.window.kill()


def alone(folder: Path, setenv: Callable[[str, str], None]) -> SimulatorFactory:
    """Makes the one device that this process sees, in place of the one before it."""

    def make(personality: str = "plain", **given: Any) -> Simulator:
        device = Simulator.create(folder, personality, **given)
        for name, value in device.environment.items():
            setenv(name, value)
        return device

    return make
