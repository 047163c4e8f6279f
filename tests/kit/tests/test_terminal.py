"""A person at a terminal: what is read, what is hidden, how a program ends."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lockwright_testkit.pseudo_terminal import CTRL_C, Screen

Shell = Callable[..., Screen]


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """Runs lines of a shell on a narrow terminal."""

    def run(lines: str) -> Screen:
        return Screen.running(
            *("/bin/sh", "-c", lines), environment=os.environ, folder=tmp_path, size=(10, 20)
        )

    return run


def test_words_are_found_however_they_are_wrapped_and_styled(shell: Shell) -> None:
    with shell(r"printf 'Call:\n  \033[1mdo  not\033[0m\n   close this'") as screen:
        assert screen.reads("do not close").before == "Call:"
        assert screen.ends() == (0, "this")
        assert screen.lines == ["Call:", "  do  not", "   close this"]


def test_the_words_that_come_first_are_told(shell: Shell) -> None:
    with shell("echo one 17 two") as screen:
        shown = screen.reads("two", re.compile(r"(\d+)"))
        assert (shown.which, shown.match[1]) == (1, "17")


def test_a_program_that_ends_too_early_shows_its_screen(shell: Shell) -> None:
    with (
        shell("echo all is lost") as screen,
        pytest.raises(AssertionError, match=r"it ended before it showed 'PIN:'.*\n.*all is lost"),
    ):
        screen.reads("PIN:")


def test_what_was_typed_unseen_is_not_in_a_failure(shell: Shell) -> None:
    with shell("stty -echo; echo PIN:; read pin; echo it was $pin") as screen:
        screen.answers("PIN:", "Kettle-Moss-42")
        with pytest.raises(AssertionError, match=r"it was \*\*\*"):
            screen.reads("nothing of the kind")
        assert "Kettle-Moss-42" in screen.everything


def test_a_program_that_goes_on_is_told(shell: Shell) -> None:
    with shell("echo on; sleep 60") as screen:
        screen.reads("on")
        with pytest.raises(AssertionError, match=r"it did not end in 0\.1 seconds"):
            screen.ends(within=0.1)


@pytest.fixture(params=[signal.SIGINT, signal.SIGHUP], ids=lambda number: number.name)
def ignored(request: pytest.FixtureRequest) -> Iterator[signal.Signals]:
    """A signal that the tests ignore, as where they run in the background or under ``nohup``."""
    number: signal.Signals = request.param
    before = signal.signal(number, signal.SIG_IGN)
    yield number
    signal.signal(number, before)


def test_a_signal_ends_a_program_though_the_tests_ignore_it(
    shell: Shell, ignored: signal.Signals
) -> None:
    with shell("echo here; exec sleep 60") as screen:
        screen.reads("here")
        screen.gets(ignored)
        assert screen.ends().code is None


@pytest.mark.parametrize("ignored", [signal.SIGINT], indirect=True, ids=["SIGINT"])
def test_ctrl_c_ends_a_program_though_the_tests_ignore_it(
    shell: Shell, ignored: signal.Signals
) -> None:
    with shell("echo here; exec sleep 60") as screen:
        screen.reads("here")
        screen.presses(CTRL_C)
        assert screen.ends().code is None
