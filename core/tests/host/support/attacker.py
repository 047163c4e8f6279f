"""An adapter whose module has taken its process over: it does and sends what a file says.

The file is JSON: ``at``, the hook in which it happens; ``does``, one of ``DEEDS`` or nothing; and
``sends``, frames in hex, which go out as they are but for ``NUMBER``, which stands for the number
of the question.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import cast

from lockwright.adapter import Settings, StandardAdapter
from lockwright.errors import RequestPending
from lockwright.models import ModuleInfo, Token, TokenObject, TokenState
from lockwright.pkcs11 import standard
from lockwright.pkcs11.session import Module
from lockwright.secret import Secret

NUMBER = b"\xee" * 8
MANUFACTURER = "Attack Ltd"
SLEEPS = "86399"
"""How long what it leaves behind sleeps."""


def end_soon() -> None:
    """Go on, and die in the middle of something."""
    threading.Timer(0.3, os._exit, (0,)).start()


def leave_something() -> None:
    """A program that outlives its parent unless it is ended with it."""
    subprocess.Popen(["sleep", SLEEPS], stdin=subprocess.DEVNULL)


def fork_and_crash() -> None:
    """Die, and leave a copy that holds every pipe."""
    if os.fork() == 0:
        os.close(2)
        time.sleep(float(SLEEPS))
    os.kill(os.getpid(), signal.SIGSEGV)


def die_by_a_real_time_signal() -> None:
    os.kill(os.getpid(), signal.SIGRTMIN + 3)


def leave_something_and_crash() -> None:
    leave_something()
    os.kill(os.getpid(), signal.SIGSEGV)


def stop_answering() -> None:
    os.close(_replies())
    time.sleep(float(SLEEPS))


def shout() -> None:
    os.write(2, b"\x1b[2J\x1b]0;owned\x07all is well\n\xe2\x80\xaeand more\n")


def shout_without_an_end() -> None:
    os.write(2, b"x" * 100_000)


DEEDS: Mapping[str, Callable[[], object]] = {
    "": lambda: None,
    "die by a real-time signal": die_by_a_real_time_signal,
    "end silently": lambda: os._exit(0),
    "end soon": end_soon,
    "leave something": leave_something,
    "leave something and crash": leave_something_and_crash,
    "fork and crash": fork_and_crash,
    "shout": shout,
    "shout without an end": shout_without_an_end,
    "stop answering": stop_answering,
}


class _Elsewhere:
    """A module that says that it is another."""

    def __init__(self, module: Module, path: Path) -> None:
        self._module = module
        self._path = path

    def __getattr__(self, name: str) -> object:
        return getattr(self._module, name)

    def info(self) -> ModuleInfo:
        return replace(self._module.info(), path=self._path)


class Attacker(StandardAdapter):
    """Plain PKCS#11 beside what the file says."""

    tokens = {MANUFACTURER: ()}
    own_settings = {"plan": str, "elsewhere": str, "waiting": str}

    def __init__(self) -> None:
        self._plan = ""

    def lockwright_open(self, path: Path, settings: Settings) -> Module:
        self._plan = str(settings.get("plan", ""))
        module = self._open(path, settings)
        self._attack("open")
        if waiting := settings.get("waiting"):
            raise RequestPending(serial=str(waiting))
        other = settings.get("elsewhere")
        return module if other is None else cast("Module", _Elsewhere(module, Path(str(other))))

    def lockwright_state(self, module: Module, token: Token) -> TokenState:
        self._attack("state")
        return standard.state(module, token)

    def lockwright_list(
        self, module: Module, token: Token, pin: Secret | None
    ) -> Sequence[TokenObject]:
        self._attack("list")
        return standard.list_objects(module, token, pin, None)

    def _attack(self, at: str) -> None:
        if not self._plan:
            return
        plan = json.loads(Path(self._plan).read_text())
        if plan["at"] != at:
            return
        for frame in plan["sends"]:
            os.write(_replies(), bytes.fromhex(frame).replace(NUMBER, _number()))
        os.chdir(Path(self._plan).parent)  # by which a test knows what is left of its own
        DEEDS[plan["does"]]()


def _replies() -> int:
    descriptor: int = _frame("serve").f_locals["replies"].fileno()
    return descriptor


def _number() -> bytes:
    number: int = _frame("reply").f_locals["asked"].number
    return number.to_bytes(len(NUMBER))


def _frame(function: str) -> FrameType:
    """The frame of one of the host's functions, as it runs in this process."""
    frame: FrameType | None = sys._getframe()
    while frame is not None and frame.f_code.co_name != function:
        frame = frame.f_back
    assert frame is not None
    return frame


adapter = Attacker()
