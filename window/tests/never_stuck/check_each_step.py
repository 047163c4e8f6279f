"""At every step of every story: pulled out, hung, stopped, closed, killed, asleep.

Each case ends in one sentence of the catalogue that names what it cost, or in a story that is gone
or went well; no thread, no process and no traceback is left, and the journal has what the window
offers. The steps are those that a calm walk shows; ``test_every_step.py`` sees that none is left
out. ``-s`` prints each case and its sentence; ``-k`` chooses among them.
"""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from aftermath import ends, ends_in_a_sentence, goes_on, starts_again
from mishaps import KILLS, LEAVES, MISHAPS, SLOW, Mishap
from opened_window import Opened
from places import Place, places
from scenes import SCENES
from story_steps import WALKED
from walking import Walking, alone, begun

OpenWindow = Callable[..., Opened]
Begins = Callable[[str], AbstractContextManager[Walking]]
RESULTS = "NEVER_STUCK"
"""Names the file to which each case is written, a line of JSON."""
SLEEP = 0.8
"""Seconds."""
CHAINS = [
    pytest.param(name, mishap, id=f"{name}-{mishap.__name__}")
    for name in SCENES
    for mishap in MISHAPS
    if any(place.bears(mishap) for place in places(WALKED[name]))
]


@pytest.fixture
def begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_window: OpenWindow) -> Begins:
    """Begins a scene in a home and a window of its own, in which the walk ends whole."""
    numbers = itertools.count()

    @contextmanager
    def begin(name: str) -> Iterator[Walking]:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        sim = alone(folder / "device", monkeypatch.setenv)
        with begun(SCENES[name], folder, sim, open_window) as case:
            yield case
            ends(case)

    return begin


def record(name: str, place: Place, mishap: str, said: str) -> None:
    """Write down a case and its sentence."""
    found = {
        "scene": name,
        "step": place.step or "(before the first page)",
        "works": place.works,
        "mishap": mishap,
        "said": said,
    }
    print(" | ".join(found.values()))  # noqa: T201  # for who looks at them by -s
    if file := os.environ.get(RESULTS):
        with Path(file).open("a") as out:
            out.write(json.dumps(found) + "\n")


@pytest.mark.parametrize("name", SCENES)
def test_a_computer_that_sleeps_at_every_step_finds_the_story_as_it_was(
    name: str, begins: Begins
) -> None:
    """It shows the steps that are written down for it, and ends as it does without sleep."""
    with begins(name) as case:
        there = {place.number: place for place in places(WALKED[name])}
        page = case.to(0)
        for number in itertools.count():
            if page is None or number not in there or case.walk.over(page):
                break
            case.sleep(SLEEP)
            now = case.settled()
            assert now is not None
            assert now.heading == page.heading
            record(name, there[number], "asleep", now.heading)
            if there[number].works:
                case.device.set("delay", SLOW)
                case.on(now)
                case.sleep(SLEEP)
                case.device.set("delay", 0)
                record(name, there[number], "asleep_at_work", "")
            else:
                case.on(now)
            page = case.settled()
        case.out(page)
        assert tuple(each.step for each in case.shown) == WALKED[name]
        ends_in_a_sentence(case, well=True)
        goes_on(case)


@pytest.mark.parametrize(("name", "mishap"), CHAINS)
def test_every_step_ends_in_a_sentence(name: str, mishap: Mishap, begins: Begins) -> None:
    """One window sees as many of them as leave all as it was; then there is another one."""
    left = [place for place in places(WALKED[name]) if place.bears(mishap)]
    while left:
        with begins(name) as case:
            is_spoilt = False
            while left and not is_spoilt:
                place = left.pop(0)
                is_spoilt = _happens(name, mishap, place, case)


def _happens(name: str, mishap: Mishap, place: Place, case: Walking) -> bool:
    """Walk to a place and have it happen; whether something is another now for the next walk."""
    page = case.to(place.number)
    if place.step:
        assert page is not None
        assert case.shown[-1].step == place.step
    mishap(case, page)
    said = "" if mishap in KILLS | LEAVES else ends_in_a_sentence(case, well=False)
    steps = [each.step for each in case.shown]
    is_spoilt = place.spoilt(mishap, steps) or case.gone or bool(case.pages and case.pages[-1].well)
    if mishap in KILLS:
        starts_again(case)
    goes_on(case)
    record(name, place, mishap.__name__, said)
    return is_spoilt
