"""The process that forks itself: ``python server.py DESCRIPTOR MODULE...``; see ``client``.

It is started as a script, as the programs are that it stands for, and imports none of the kit:
what it imports, each run of the program has imported.
"""

from __future__ import annotations

import atexit
import fcntl
import gc
import importlib
import importlib.metadata
import json
import os
import pkgutil
import select
import signal
import socket
import struct
import sys
import termios
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

NUMBER = struct.Struct("!i")
"""The length of a request, which comes before it; process id and exit code, which answer it."""
MOST = 32
"""Descriptors that come with a request, at most."""
_HIGH = 200
"""Descriptors from here on are in nobody's way."""


def serve(control: socket.socket) -> dict[str, Any] | None:
    """Fork for each request, and tell how each child ended, until nobody asks any more.

    Returns:
        In a child what it is to run; None at the end.
    """
    woken, wakes = os.pipe()
    for end in (woken, wakes):
        os.set_blocking(end, False)
    heeded = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends who asks, and so this
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
    running: dict[int, socket.socket] = {}
    while True:
        ready = select.select([control.fileno(), woken], [], [])[0]
        if woken in ready:
            with suppress(BlockingIOError):
                os.read(woken, 4096)
            _reap(running)
        if control.fileno() in ready:
            received = _receive(control)
            if received is None:
                return None
            request, descriptors = received
            reply, *given = descriptors
            pid = os.fork()
            if not pid:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                signal.signal(signal.SIGINT, heeded)
                ours = [each.detach() for each in (control, *running.values())]
                _place(given, request["descriptors"], [reply, woken, wakes, *ours])
                return request
            running[pid] = socket.socket(fileno=reply)
            running[pid].sendall(NUMBER.pack(pid))
            for descriptor in given:
                os.close(descriptor)


def _reap(running: dict[int, socket.socket]) -> None:
    with suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            with running.pop(ended[0]) as reply, suppress(OSError):
                reply.sendall(NUMBER.pack(os.waitstatus_to_exitcode(ended[1])))


def _receive(control: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    header, descriptors, _flags, _address = socket.recv_fds(control, NUMBER.size, MOST)
    if not header:
        return None
    content = b""
    (wanted,) = NUMBER.unpack(header)
    while len(content) < wanted:
        content += control.recv(wanted - len(content))
    return json.loads(content), descriptors


def _place(descriptors: list[int], wanted: list[int], ours: list[int]) -> None:
    """Give descriptors the numbers that they have in the child; close those of the server."""
    moved = [fcntl.fcntl(each, fcntl.F_DUPFD, _HIGH) for each in descriptors]
    for descriptor in (*descriptors, *ours):
        os.close(descriptor)
    for descriptor, number in zip(moved, wanted, strict=True):
        os.dup2(descriptor, number)
        os.close(descriptor)


def become(request: dict[str, Any]) -> None:
    """Be the process that was asked for."""
    os.environ.clear()
    os.environ.update(request["environment"])
    time.tzset()
    os.chdir(request["folder"])
    sys.argv = request["arguments"]
    further = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    sys.path[:1] = [str(Path(sys.argv[0]).parent), *filter(None, further)]
    if request["terminal"]:
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        # At a terminal they are heeded, though the tests may run where they are ignored.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for number in (signal.SIGHUP, signal.SIGQUIT):
            signal.signal(number, signal.SIG_DFL)
        sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # it is a text file


def _exit_code(program: Callable[[], int]) -> int:
    """Run the program; its exit code, found as Python does."""
    try:
        return program()
    except SystemExit as left:
        if left.code is None or isinstance(left.code, int):
            return left.code or 0
        sys.stderr.write(f"{left.code}\n")
    except BaseException:  # noqa: BLE001  # the edge of the program
        sys.excepthook(*sys.exc_info())
    return 1


def _end(code: int) -> NoReturn:
    """End as Python does, but take no module apart: that costs more than most programs do."""
    threading._shutdown()  # type: ignore[attr-defined]  # what Python itself calls
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def main() -> None:
    """Import the whole program with its plugins, then fork it again and again."""
    entry, *late = sys.argv[2:]
    root = importlib.import_module(entry.partition(".")[0])
    for found in pkgutil.walk_packages(root.__path__, f"{root.__name__}."):
        importlib.import_module(found.name)
    plugins = [each.module for each in importlib.metadata.entry_points(group=root.__name__)]
    for name in (*late, *plugins):
        importlib.import_module(name)
    gc.freeze()
    request = serve(socket.socket(fileno=int(sys.argv[1])))
    if request is not None:
        become(request)
        _end(_exit_code(sys.modules[entry].main))


if __name__ == "__main__":
    main()
