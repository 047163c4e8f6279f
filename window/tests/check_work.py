"""Work in threads: what is told and what is not, in whichever order things end; no screen."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from lockwright import Config, Runner, Secret
from lockwright.errors import Stopped
from lockwright_testkit.sim import Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from lockwright_window.qt import immortal
from lockwright_window.work import Task, Work
from PySide6.QtCore import QCoreApplication

immortal.keep_true()  # three hundred signals are more than PySide6 leaves of it
_LONGEST = 30.0


@pytest.fixture
def device(sim: SimulatorFactory) -> Simulator:
    return sim("jacarta-pki")


@pytest.fixture
def work(application: QCoreApplication, device: Simulator) -> Iterator[Work]:
    del application
    made = Work(lambda: Runner(Config(audit=None), modules=[device.module]))
    yield made
    device.set("delay", 0)
    made.end()


def until(found: Callable[[], bool]) -> None:
    """Let the event loop go on until something is so."""
    end = time.monotonic() + _LONGEST
    while not found():
        assert time.monotonic() < end
        QCoreApplication.processEvents()
        time.sleep(0.001)


def test_everything_is_told_once_or_got_rid_of_whatever_is_dropped_and_stopped(work: Work) -> None:
    """Three hundred tasks that end while others are dropped, in an order that is drawn."""
    drawn = random.Random(7)  # noqa: S311  # the same in every run
    told: list[int] = []
    rid: list[int] = []
    tasks: list[Task[int]] = []
    for number in range(300):

        def call(
            _runner: Runner, number: int = number, seconds: float = drawn.random() / 50
        ) -> int:
            time.sleep(seconds)
            return number

        def failed(_error: Exception, number: int = number) -> None:
            told.append(number)

        tasks.append(work.do(call, told.append, failed, unwanted=rid.append))
        if drawn.random() < 0.3:
            drawn.choice(tasks).drop()
        if drawn.random() < 0.3:
            QCoreApplication.processEvents()
    until(lambda: all(task.over for task in tasks))
    until(lambda: len(told) + len(rid) >= len(tasks))
    assert sorted(told + rid) == list(range(300))


def test_a_stop_that_comes_before_the_work_has_begun_is_not_lost(
    work: Work, device: Simulator
) -> None:
    device.set("delay", 600_000)
    for seconds in (0.0, 0.0, 0.01, 0.05):
        errors: list[Exception] = []
        work.do(lambda runner: runner.find(), lambda _token: None, errors.append)
        time.sleep(seconds)
        work.stop()
        until(partial(bool, errors))
        assert isinstance(errors[0], Stopped)


def test_what_is_stopped_before_it_begins_keeps_no_secret(work: Work, device: Simulator) -> None:
    """Nor does what was begun, what broke, and what nobody waits for any more."""
    device.set("delay", 600_000)
    secrets = [Secret("Kettle-Moss-42") for _ in range(6)]
    errors: list[Exception] = []

    def breaks(_runner: Runner) -> None:
        raise SystemError

    for number, secret in enumerate(secrets):
        call = breaks if number == 0 else lambda runner: runner.find()
        task = work.do(call, errors.append, errors.append, secrets=[secret])
        if number == 1:
            task.drop()
    work.stop()
    until(lambda: len(errors) == len(secrets) - 1)
    until(lambda: all(each.wiped for each in secrets))


def test_the_end_wipes_the_secrets_of_whatever_never_began(
    application: QCoreApplication, device: Simulator
) -> None:
    del application
    begins = threading.Event()

    def late() -> Runner:
        begins.wait()
        return Runner(Config(audit=None), modules=[device.module])

    work, secret = Work(late), Secret("Kettle-Moss-42")
    work.do(lambda runner: runner.find(), print, print, secrets=[secret])
    ending = threading.Timer(0.2, begins.set)
    ending.start()
    assert work.end()
    assert secret.wiped


def test_the_end_leaves_no_thread_and_tells_nobody(
    application: QCoreApplication, device: Simulator
) -> None:
    del application
    before = threading.active_count()
    device.set("delay", 600_000)
    work = Work(lambda: Runner(Config(audit=None), modules=[device.module]))
    told: list[object] = []
    for _ in range(5):
        work.do(lambda runner: runner.detect(), told.append, told.append)
    time.sleep(0.3)
    begun = time.monotonic()
    assert work.end()
    assert time.monotonic() - begun < 5
    QCoreApplication.processEvents()
    assert told == []
    assert threading.active_count() == before


def test_a_page_that_breaks_fails_in_a_sentence(
    work: Work, capsys: pytest.CaptureFixture[str]
) -> None:
    errors: list[Exception] = []

    def broken(_found: int) -> None:
        raise KeyError("page")

    work.do(lambda _runner: 1, broken, errors.append)
    until(lambda: bool(errors))
    assert isinstance(errors[0], KeyError)
    assert "KeyError" in capsys.readouterr().err


def test_what_a_task_holds_is_let_go_of_in_the_window_thread(work: Work) -> None:
    """Its own thread may end later, and what it holds then must be no widget."""
    ended: list[threading.Thread] = []

    class Page:
        def __del__(self) -> None:
            ended.append(threading.current_thread())

        def call(self, _runner: Runner) -> int:
            return 1

        def done(self, _found: int) -> None:
            pass

        def failed(self, _error: Exception) -> None:
            pass

    page = Page()
    task = work.do(page.call, page.done, page.failed)
    del page
    until(lambda: task.over)
    until(lambda: bool(ended))
    assert ended == [threading.current_thread()]
