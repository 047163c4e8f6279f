"""A screen of its own: Xvfb, a window manager, and the bus on which a screen reader listens.

Nothing of it is shared with another screen, so several benches work side by side.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import IO, Self

_LAUNCHER = Path("/usr/libexec/at-spi-bus-launcher")
_LONGEST = 30


class Screen:
    """A screen, from ``with`` to its end.

    Args:
        width: in pixels.
        height: in pixels.
        languages: layouts of its keyboard, as setxkbmap has them.
    """

    def __init__(self, width: int = 1280, height: int = 900, languages: str = "us,ru") -> None:
        self.width, self.height = width, height
        self._languages = languages
        self._folder = Path(tempfile.mkdtemp(prefix="screen-"))
        self._begun: list[subprocess.Popen[bytes]] = []
        self.environment: dict[str, str] = {}
        """What a program needs to be shown on it and read aloud."""

    def __enter__(self) -> Self:
        try:
            self._begin()
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, *_exc: object) -> None:
        self.end()

    def end(self) -> None:
        """End everything on it."""
        while self._begun:
            process = self._begun.pop()
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            if process.stdout is not None:
                process.stdout.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def run(self, *arguments: str, seconds: float = _LONGEST) -> str:
        """Run a program on it to its end; what it wrote.

        Args:
            arguments: the program and what it is given.
            seconds: until it is given up.
        """
        whole = {**os.environ, **self.environment}
        try:
            return subprocess.run(
                arguments, env=whole, check=True, capture_output=True, text=True, timeout=seconds
            ).stdout
        except subprocess.CalledProcessError as error:
            raise RuntimeError(f"{arguments[0]}: {error.stderr}") from None

    def shows(self, colour: str) -> bool:
        """Whether any point of it has a colour; it costs a program on it nothing to be asked.

        Args:
            colour: ``#rrggbb``.
        """
        told = bytes.fromhex(colour.removeprefix("#"))[::-1]  # Xvfb(1): blue comes first
        with (
            (self._folder / "Xvfb_screen0").open("rb") as file,
            mmap(file.fileno(), 0, access=ACCESS_READ) as points,
        ):
            return points.find(told) >= 0

    def _begin(self) -> None:
        display = self._first_line(
            *("Xvfb", "-displayfd", "1", "-nolisten", "tcp", "-noreset", "-r"),
            *("-fbdir", str(self._folder)),
            *("-screen", "0", f"{self.width}x{self.height}x24"),
        )
        self.environment = {
            "DISPLAY": f":{display}",
            "XDG_RUNTIME_DIR": str(self._folder),
            "QT_QPA_PLATFORM": "xcb",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            # Qt 6.12 warns of a question of at-spi2 2.46 that it does not know.
            "QT_LOGGING_RULES": "qt.accessibility.atspi.warning=false",
        }
        bus = self._first_line("dbus-daemon", "--session", "--nofork", "--print-address")
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = bus
        self._start([str(_LAUNCHER), "--launch-immediately"])  # first: whoever comes later finds it
        self._wait_for_reading()
        self._start(["openbox"])
        self.run("setxkbmap", "-layout", self._languages)
        until = time.monotonic() + _LONGEST
        while "window id #" not in self.run("xprop", "-root", "_NET_SUPPORTING_WM_CHECK"):
            _pause(until, "the window manager has not begun")

    def _wait_for_reading(self) -> None:
        ask = ("dbus-send", "--session", "--print-reply", "--dest=org.a11y.Bus")
        until = time.monotonic() + _LONGEST
        while True:
            with suppress(RuntimeError):
                self.run(*ask, "/org/a11y/bus", "org.a11y.Bus.GetAddress")
                return
            _pause(until, "the accessibility bus has not begun")

    def _first_line(self, *arguments: str) -> str:
        process = self._start(arguments, stdout=subprocess.PIPE)
        found: IO[bytes] | None = process.stdout
        line = b"" if found is None else found.readline()
        if not line.strip():
            raise RuntimeError(f"{arguments[0]} did not begin")
        return line.decode().strip()

    def _start(
        self, arguments: Sequence[str], *, stdout: int = subprocess.DEVNULL
    ) -> subprocess.Popen[bytes]:
        whole: Mapping[str, str] = {**os.environ, **self.environment, "HOME": str(self._folder)}
        process = subprocess.Popen(
            arguments,
            env=whole,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._begun.append(process)
        return process


def _pause(until: float, why: str) -> None:
    if time.monotonic() > until:
        raise TimeoutError(why)
    time.sleep(0.02)
