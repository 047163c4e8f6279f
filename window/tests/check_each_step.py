"""At every step of every story the token is pulled out, or its module hangs, or it is stopped.

Each ends in a sentence, with no thread and no process left, no traceback, a journal that is whole,
and a window that goes on. The steps are counted by walking through the stories, not listed here.
``-s`` prints each case and its sentence; ``-k`` chooses among them.
"""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from lockwright_testkit.sim import Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory
from opened_window import Opened
from scenes import SCENES, Scene
from walker import Page, Walk
from window_home import Home

OpenWindow = Callable[..., Opened]
DEADLINES = "\n[deadlines]\ninspect = 2\ncall = 2\n"
HANGS = 3_600_000
"""Milliseconds that each call takes in a module that hangs."""
SECONDS = 15.0
"""Until the window has gone, or a stop has ended what it stops, on a busy machine."""


@dataclass
class Case:
    """A walk in the window, up to where something happens."""

    name: str
    home: Home
    window: Opened
    walk: Walk
    device: Simulator
    threads: int


def pulled_out(case: Case, page: Page) -> list[Page]:
    """The token is pulled out while a page is shown, and the person goes on."""
    case.device.unplug()
    return case.walk.out(case.window, case.walk.settled(case.window) or page)


def pulled_out_at_work(case: Case, page: Page) -> list[Page]:
    """It is pulled out while something is done with it."""
    case.device.set("delay", 150)
    case.walk.on(case.window, page)
    time.sleep(0.4)
    case.device.unplug()
    return case.walk.out(case.window, case.walk.settled(case.window))


def hung(case: Case, page: Page) -> list[Page]:
    """The module answers nothing any more; its deadline ends that."""
    case.device.set("delay", HANGS)
    return case.walk.out(case.window, page)


def stopped(case: Case, page: Page) -> list[Page]:
    """The module answers nothing any more, and the person presses Stop."""
    case.device.set("delay", HANGS)
    now: Page | None = page
    pages = [page]
    for _ in range(10):
        if now is None or now.over:
            break
        case.walk.on(case.window, now)
        now = case.walk.settled(case.window, working=True)
        if now is not None and now.works:
            pressed = time.monotonic()
            case.window.press("Stop")
            now = case.walk.settled(case.window)
            assert time.monotonic() - pressed < SECONDS
        pages += [] if now is None else [now]
    return pages


@contextmanager
def begun(
    name: str, scene: Scene, home: Home, sim: SimulatorFactory, folder: Path, opens: OpenWindow
) -> Iterator[Case]:
    with scene(home, sim, folder) as walk:
        config = home.config
        home.configure((config.read_text() if config else "") + DEADLINES)
        window = opens(home)
        window.wait_for("Serial number")
        time.sleep(0.2)
        yield Case(name, home, window, walk, home.tokens[0], window.threads)


def mended(case: Case) -> None:
    """The story is closed, the token is back: the window goes on, and nothing is left behind."""
    window = case.window
    case.device.plug()
    case.device.set("delay", 0)
    for _ in range(3):
        if case.walk.page(window) is not None:
            window.keys("Escape")
            window.until(lambda: case.walk.page(window) is None, seconds=8, why="it stays open")
    window.keys("F5")
    window.wait_for("Serial number", "User PIN:")
    window.close()
    ended_whole(case)


def ended_whole(case: Case) -> None:
    """The window ends, leaves no process and says nothing on stderr; the audit trail is whole."""
    window = case.window
    assert window.ended(SECONDS) == 0
    assert window.errors == ""
    assert window.left() == []
    if case.home.program.audit.exists():
        told = case.home.program.run("audit", "verify", *config_of(case.home))
        assert told.code == 0, told


def config_of(home: Home) -> list[str]:
    return [] if home.config is None else ["--config", str(home.config)]


def tell(line: str) -> None:
    """Print a case and its sentence, for who looks at them by -s."""
    print(line)  # noqa: T201  # who runs it wants to read that


def sentence(page: Page) -> str:
    """What a page says of how it ended, without its buttons."""
    names = {each.name for each in page.buttons} | {page.heading}
    return " ".join(line for line in page.words.splitlines() if line not in names)


def alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> SimulatorFactory:
    """Makes the one device that this process sees, in place of the one before it."""

    def make(personality: str = "plain", **given: Any) -> Simulator:
        device = Simulator.create(folder, personality, **given)
        for name, value in device.environment.items():
            monkeypatch.setenv(name, value)
        return device

    return make


_STEPS: dict[str, int] = {}


def steps(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch, open_window: OpenWindow) -> int:
    """How many pages a story has before the one that says that it went well; walked once."""
    if name not in _STEPS:
        calm = folder / "calm"
        calm.mkdir()
        sim = alone(calm / "device", monkeypatch)
        with begun(name, SCENES[name], Home(calm / "home"), sim, calm, open_window) as case:
            pages = case.walk.out(case.window, case.walk.to(case.window, 0))
            assert not pages[-1].over or pages[-1].well, pages[-1].words
            _STEPS[name] = len([page for page in pages if not page.over])
            mended(case)
    return _STEPS[name]


FAULTS = (pulled_out, pulled_out_at_work, hung, stopped)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
@pytest.mark.parametrize("name", SCENES)
def test_every_step_ends_in_a_sentence(
    name: str,
    fault: Callable[[Case, Page], list[Page]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    open_window: OpenWindow,
    record_property: Callable[[str, object], None],
) -> None:
    cases = 0
    for number in range(steps(name, tmp_path, monkeypatch, open_window)):
        folder = tmp_path / str(number)
        folder.mkdir()
        sim = alone(folder / "device", monkeypatch)
        with begun(name, SCENES[name], Home(folder / "home"), sim, folder, open_window) as case:
            page = case.walk.to(case.window, number)
            assert page is not None
            assert not page.over, page.words
            pages = fault(case, page)
            last = pages[-1]
            assert last.over, [each.heading for each in pages]
            told = sentence(last)
            tell(f"{name} | {page.heading} | {fault.__name__} | {last.heading}: {told[:300]}")
            assert told
            assert "went wrong inside" not in told
            mended(case)
            cases += 1
    record_property("cases", cases)
    tell(json.dumps({"story": name, "fault": fault.__name__, "cases": cases}))
    assert cases


@pytest.mark.parametrize("name", SCENES)
def test_window_is_ended_at_every_step(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_window: OpenWindow
) -> None:
    """The session ends while the module hangs: nothing is left but a journal that is whole."""
    for number in range(steps(name, tmp_path, monkeypatch, open_window)):
        folder = tmp_path / str(number)
        folder.mkdir()
        sim = alone(folder / "device", monkeypatch)
        with begun(name, SCENES[name], Home(folder / "home"), sim, folder, open_window) as case:
            page = case.walk.to(case.window, number)
            assert page is not None
            assert not page.over, page.words
            case.device.set("delay", HANGS)
            case.walk.on(case.window, page)
            case.window.signal(signal.SIGTERM)
            ended_whole(case)
