"""A tinyproxy of a test's own, between a client and whatever it wants to reach."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Self

_PATIENCE = 60.0
_TRIES = 5
_CONFIGURATION = """
Port {port}
Listen 127.0.0.1
Timeout 60
LogLevel Connect
LogFile "{folder}/log"
ConnectPort {opened}
{login}
"""


class Tinyproxy:
    """tinyproxy on a free port of this computer; use it as a context manager.

    Args:
        folder: an empty folder for its files.
        opened: the port that CONNECT is allowed to.
        login: login and password that it wants; None if it serves everybody.
    """

    def __init__(self, folder: Path, opened: int, login: tuple[str, str] | None = None) -> None:
        self._folder = folder
        self._opened = opened
        self._login = "" if login is None else "BasicAuth " + " ".join(login)
        self.port = 0
        """Where it listens."""

    @property
    def address(self) -> str:
        """Where it is, as ``HTTPS_PROXY`` has it."""
        return f"http://127.0.0.1:{self.port}"

    def said(self) -> str:
        """What it logged so far: whom it was asked for, and what it did."""
        return (self._folder / "log").read_text()

    def __enter__(self) -> Self:
        """Start it, on another port if somebody was faster.

        Raises:
            FileNotFoundError: it is not installed.
            RuntimeError: it does not start, and this is why.
        """
        program = shutil.which("tinyproxy")
        if program is None:
            raise FileNotFoundError("tinyproxy is not installed: apt-get install tinyproxy-bin")
        for _try in range(_TRIES):
            if self._starts(program):
                return self
        raise RuntimeError(self.said())

    def __exit__(self, *_exc: object) -> None:
        self._process.kill()
        self._process.wait()

    def _starts(self, program: str) -> bool:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        file = self._folder / "tinyproxy.conf"
        file.write_text(
            _CONFIGURATION.format(
                port=self.port, folder=self._folder, opened=self._opened, login=self._login
            )
        )
        self._process = subprocess.Popen([program, "-d", "-c", str(file)])  # our own
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end and self._process.poll() is None:
            with (
                suppress(ConnectionRefusedError),
                socket.create_connection(("127.0.0.1", self.port)),
            ):
                return True
            time.sleep(0.01)
        self._process.kill()
        self._process.wait()
        return False


def environment(proxy: str, but: Iterable[str] = ()) -> dict[str, str]:
    """What names a proxy to a program, and what to reach without it.

    Args:
        proxy: its address.
        but: hosts that are reached without it.
    """
    names = {"https_proxy": proxy, "http_proxy": proxy, "no_proxy": ",".join(but)}
    return {**names, **{name.upper(): value for name, value in names.items()}}
