"""Runs code, each time in a process forked from this one, which ends at a moment of the disk.

A job is a line of JSON on stdin, its outcome a line of JSON on stdout.
"""

from __future__ import annotations

import builtins
import io
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from lockwright_testkit.kills import kill_point

Job = dict[str, Any]

_CHANGING = frozenset({"os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.truncate"})
_DONE = b"done"
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Moments:
    """Watches what changes a folder, and ends this process before one of those things.

    What is written is written by half then; and between a file's opening and its first byte there
    is a moment, too: so an empty file and a torn one are among what a kill leaves.

    Args:
        folder: the folder, resolved.
        at: at which, counted from one.
    """

    def __init__(self, folder: Path, at: int) -> None:
        self._folder = str(folder)
        self._left = at
        self._opening: list[object] = []
        """What is just being opened to be written."""
        self._write = os.write
        os.write, os.fsync = self._written, self._synced
        for module, name in ((builtins, "open"), (io, "open"), (os, "open")):
            setattr(module, name, self._watched(getattr(module, name)))
        sys.addaudithook(self._told)

    def _told(self, event: str, given: tuple[Any, ...]) -> None:
        if event == "open" and given[2] & _WRITING:
            self._opening.append(given[0])
            self._comes(given[0])
        elif event in _CHANGING:
            self._comes(given[0])

    def _watched(self, opens: Callable[..., Any]) -> Callable[..., Any]:
        def opened(*given: Any, **named: Any) -> Any:
            self._opening.clear()
            found = opens(*given, **named)
            if self._opening:
                self._comes(self._opening.pop())
            return found

        return opened

    def _written(self, fd: int, content: Any) -> int:
        if self._is_over(fd):
            self._write(fd, memoryview(content)[: len(content) // 2])
            kill_point.now()
        return self._write(fd, content)

    def _synced(self, fd: Any) -> None:
        # A process that is killed loses nothing that the system has; only a power cut would.
        self._comes(fd)

    def _comes(self, place: object) -> None:
        if self._is_over(place):
            kill_point.now()

    def _is_over(self, place: object) -> bool:
        """Count what comes; whether it is what this process is to end at."""
        if _path(place).startswith(self._folder):
            self._left -= 1
            return self._left == 0
        return False


def _path(place: Any) -> str:
    """Where a path or an open file is; empty for what has no place."""
    if isinstance(place, int):
        try:
            return str(Path(f"/proc/self/fd/{place}").readlink())
        except OSError:
            return ""
    return os.path.abspath(os.fsdecode(place))  # noqa: PTH100  # also of bytes, and nothing followed


def main() -> None:
    """Do every job that comes."""
    for name in sys.argv[1:]:
        import_module(name)
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_forked(json.loads(line))) + "\n")
        sys.stdout.flush()


def _forked(job: Job) -> dict[str, object]:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _child(job, writer)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read()
    _pid, status = os.waitpid(child, 0)
    return {
        "killed": os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL,
        "done": said == _DONE,
    }


def _child(job: Job, writer: int) -> None:
    try:
        os.chdir(job["folder"])
        # What the code prints is no outcome.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        Moments(Path(job["folder"]), job["at"])
        exec(job["code"], dict(job["given"]))  # noqa: S102  # a test's own code
        os.write(writer, _DONE)
    except BaseException:  # noqa: BLE001  # told, and then the process ends
        traceback.print_exc()
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
