"""A person at a real terminal: waits for words, types, presses keys, reads how it ended.

The program runs on a pseudo-terminal (pexpect): it asks, hides and wraps as it does for a person.
"""

from __future__ import annotations

import io
import re
import signal
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol, Self

import pexpect
import pytest

from lockwright_testkit.forking.on_terminal import OnTerminal
from lockwright_testkit.program import EXECUTABLE, Program

CTRL_C, CTRL_D, CTRL_Z = "\x03", "\x04", "\x1a"
SIZE = (40, 100)
"""Lines and columns of a terminal, if a test does not say otherwise."""
_PATIENCE = 60
"""Seconds until a person gives up; a busy machine may need many of them."""
_TERM = {"TERM": "xterm-256color"}
_STYLE = r"\x1b\[[0-9;?]*[A-Za-z]"
_GAP = rf"(?:\s|{_STYLE})+"
_HIDDEN = "***"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a person read until the words came that they waited for."""

    which: int
    """Which of the words came, from 0 on."""
    before: str
    """What was shown before them since the last look: one line, one space between words."""
    match: re.Match[str]
    """The words themselves."""


class Left(NamedTuple):
    """A program that has ended."""

    code: int | None
    """Its exit code; None if a signal ended it."""
    said: str
    """What was shown since the last look: one line, one space between words."""


class Screen:
    """A program on a terminal of its own. As a context manager it is closed at the end.

    A failure shows the screen, without what was typed where the terminal hid it.

    Args:
        child: the program.
    """

    def __init__(self, child: pexpect.spawn[str] | OnTerminal) -> None:
        self._record = io.StringIO()
        self._hidden: list[str] = []
        self._child = child
        self._child.logfile_read = self._record

    @classmethod
    def running(
        cls,
        command: str | Path,
        *arguments: str | Path,
        environment: Mapping[str, str],
        folder: Path,
        size: tuple[int, int] = SIZE,
        patience: float = _PATIENCE,
    ) -> Self:
        """Start any program.

        Args:
            command: its path.
            arguments: its command line.
            environment: its environment, but for ``TERM``.
            folder: where it runs.
            size: lines and columns.
            patience: seconds until a person gives up waiting for words.
        """
        child: pexpect.spawn[str] = pexpect.spawn(
            str(command),
            [str(argument) for argument in arguments],
            env={**_TERM, **environment},
            cwd=str(folder),
            encoding="utf-8",
            timeout=patience,
            dimensions=size,
            preexec_fn=_heed_the_terminal,
        )
        return cls(child)

    @classmethod
    def of(cls, program: Program, *arguments: str | Path, size: tuple[int, int] = SIZE) -> Self:
        """Start the installed program, or fork it.

        Args:
            program: the program with its home.
            arguments: the command line without the program's name.
            size: lines and columns.
        """
        environment, folder = program.environment, program.home
        if not program.forks_with(environment):
            path = program.path
            return cls.running(path, *arguments, environment=environment, folder=folder, size=size)
        child = OnTerminal(
            EXECUTABLE,
            arguments,
            environment={**_TERM, **environment},
            folder=folder,
            size=size,
            patience=_PATIENCE,
        )
        return cls(child)

    @property
    def everything(self) -> str:
        """All that was ever shown, as the terminal got it."""
        return self._record.getvalue()

    @property
    def lines(self) -> list[str]:
        """The lines of all that, without their styles."""
        return re.sub(_STYLE, "", self.everything).splitlines()

    def echoes(self) -> bool:
        """Whether what is typed now is shown."""
        return bool(self._child.getecho())

    def reads(self, *wanted: str | re.Pattern[str]) -> Shown:
        """Wait until one of several words is shown.

        Args:
            wanted: words, however they are wrapped into lines; or a pattern of the raw text.

        Raises:
            AssertionError: none of them came, or the program ended before.
        """
        __tracebackhide__ = True
        patterns = [_pattern(each) if isinstance(each, str) else each for each in wanted]
        which = self._child.expect([*patterns, pexpect.EOF, pexpect.TIMEOUT])
        match = self._child.match
        if not isinstance(match, re.Match):
            why = "it ended" if which == len(patterns) else f"{self._child.timeout} seconds went by"
            raise self._failure(f"{why} before it showed {' or '.join(map(repr, wanted))}")
        return Shown(which, self._before(), match)

    def types(self, line: str) -> None:
        """Type a line."""
        __tracebackhide__ = True
        if line and not self.echoes():
            self._hidden.append(line)
        self._child.sendline(line)

    def answers(self, question: str, line: str) -> str:
        """Wait for a question and type a line; what was shown before the question."""
        __tracebackhide__ = True
        before = self.reads(question).before
        self.types(line)
        return before

    def presses(self, key: str) -> None:
        """Press a key, such as ``CTRL_C``."""
        self._child.send(key)

    def gets(self, signal_number: int) -> None:
        """Send a signal to the program, as SIGHUP comes when a window is closed."""
        self._child.kill(signal_number)

    def ends(self, *, within: float = _PATIENCE) -> Left:
        """Wait for the end.

        Args:
            within: seconds until a person gives up.

        Raises:
            AssertionError: it goes on.
        """
        __tracebackhide__ = True
        if self._child.expect([pexpect.EOF, pexpect.TIMEOUT], timeout=within):
            raise self._failure(f"it did not end in {within} seconds")
        self._child.wait()
        return Left(self._child.exitstatus, self._before())

    def close(self) -> None:
        """Close the window, whatever is in it."""
        self._child.close(force=True)

    def _before(self) -> str:
        return _plain(str(self._child.before))

    def _failure(self, what: str) -> AssertionError:
        screen = self.everything
        for secret in self._hidden:
            screen = screen.replace(secret, _HIDDEN)
        return AssertionError(f"{what}; the screen shows:\n{screen}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()


class Terminal(Protocol):
    """What the fixture ``terminal`` gives: a call starts the program for a person."""

    def __call__(
        self, program: Program, *arguments: str | Path, size: tuple[int, int] = SIZE
    ) -> Screen:
        """Start a command; see ``Screen.of`` for the arguments."""


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    """Starts the program, each time on a terminal of its own, which is closed at the end."""
    with ExitStack() as stack:

        def start(program: Program, *arguments: str | Path, size: tuple[int, int] = SIZE) -> Screen:
            return stack.enter_context(Screen.of(program, *arguments, size=size))

        yield start


def _heed_the_terminal() -> None:
    """A new terminal's own signals are heeded, even where the tests were started to ignore them.

    So a shell starts what runs in the background (Ctrl-C), and ``nohup`` (the closed window).
    """
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)


def _pattern(words: str) -> re.Pattern[str]:
    """These words, however the terminal wraps or styles what lies between them."""
    return re.compile(_GAP.join(map(re.escape, words.split())))


def _plain(text: str) -> str:
    return " ".join(re.sub(_STYLE, "", text).split())
