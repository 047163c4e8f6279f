"""Asks what a screen reader is told of a program; see ``reads_aloud``, which runs beside it."""

from __future__ import annotations

import json
import os
import select
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from window_screen import Screen

_PYTHON = "/usr/bin/python3"
_LONGEST = 30
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Seen:
    """Something on the screen, as a screen reader is told of it."""

    depth: int
    """How deep it is in its window, which is 0."""
    role: str
    """Such as ``push button``, ``label``, ``text``, ``password text``, ``table cell``."""
    name: str
    """What it is called."""
    description: str
    """What more there is to say, such as why it is greyed."""
    states: frozenset[str]
    """Such as ``enabled``, ``focused``, ``checked``, ``showing``."""
    at: tuple[int, int, int, int]
    """Where it is on the screen: left, top, width, height in pixels."""
    text: str | None = None
    """What is written in it; dots for a PIN; None for what has no text."""
    value: float | None = None
    """How far a bar is."""
    clip: tuple[int, int, int, int] | None = None
    """The part of the screen in which it can be seen, as what it is in leaves it; as ``at``."""

    @property
    def enabled(self) -> bool:
        """Whether it can be used."""
        return "enabled" in self.states and "sensitive" in self.states

    @property
    def middle(self) -> tuple[int, int]:
        """Where to click."""
        left, top, width, height = self.at
        return left + width // 2, top + height // 2

    @property
    def reached(self) -> bool:
        """Whether its middle can be clicked without scrolling."""
        if self.clip is None:
            return True
        (x, y), (left, top, width, height) = self.middle, self.clip
        return left <= x < left + width and top <= y < top + height

    def enlarged(self, scale: float) -> Seen:
        """The same where everything is drawn so much larger."""
        at = tuple(round(each * scale) for each in self.at)
        return replace(self, at=(at[0], at[1], at[2], at[3]))

    @property
    def spoken(self) -> str:
        """What a screen reader says when the focus comes to it."""
        found = [self.name, self.role]
        for state in ("checked", "selected", "expanded"):
            found += [state] if state in self.states else []
        found += [] if self.enabled else ["unavailable"]
        found += [self.text] if self.text and self.text != self.name else []
        found += [self.description] if self.description not in ("", self.name) else []
        return ", ".join(filter(None, found))

    def words(self) -> tuple[str, ...]:
        """Everything that can be read of it."""
        return tuple(filter(None, (self.name, self.text or "", self.description)))


class Reader:
    """A screen reader of one screen.

    Args:
        screen: the screen.
    """

    def __init__(self, screen: Screen) -> None:
        helper = Path(__file__).with_name("reads_aloud.py")
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        self._process = subprocess.Popen(
            [_PYTHON, "-I", str(helper)],
            env=kept | screen.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._answer()

    def tree(self, pid: int, *, hidden: bool = False, front: bool = False) -> list[Seen]:
        """What a program shows, from its windows down; empty while it shows nothing.

        Args:
            pid: the program.
            hidden: whether what is not shown is told, too.
            front: whether the active window is enough, if there is one; that takes less time.
        """
        for number in range(_TRIES):
            answer = self._ask({"do": "tree", "pid": pid, "hidden": hidden, "front": front})
            if "tree" in answer:
                return list(_seen(answer["tree"]))
            time.sleep(0.05 * number)
        return []

    def heard(self, pid: int) -> list[Seen]:
        """Where the focus of a program went since this was asked last, in order."""
        found = self._ask({"do": "heard", "pid": pid})["heard"]
        return list(_seen(each for each in found if "focused" in each["event"]))

    def close(self) -> None:
        """It reads no more."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        into = self._process.stdin
        if into is None:
            raise RuntimeError("it was begun without a pipe")
        into.write(json.dumps(question).encode() + b"\n")
        into.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        out = self._process.stdout
        if out is None:
            raise RuntimeError("it was begun without a pipe")
        if not select.select([out], [], [], _LONGEST)[0]:
            raise TimeoutError("the screen reader does not answer")
        line = out.readline()
        if not line:
            raise RuntimeError(f"the screen reader ended with {self._process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        return answer


def _seen(told: Iterable[dict[str, Any]]) -> Iterable[Seen]:
    for each in told:
        left, top, width, height = each["at"]
        yield Seen(
            each["depth"],
            each["role"],
            each["name"] or "",
            each["description"] or "",
            frozenset(each["states"]),
            (left, top, width, height),
            each["text"],
            each["value"],
        )
