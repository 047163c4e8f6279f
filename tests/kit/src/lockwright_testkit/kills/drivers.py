"""Drivers that do jobs side by side."""

from __future__ import annotations

import json
import subprocess
import sys
from queue import SimpleQueue
from typing import Any, Self

from lockwright_testkit.kills import job_driver

Job = dict[str, Any]


class Crew:
    """Processes that do jobs, each job in a fork of one of them; use it as a context manager.

    Args:
        size: how many there are.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._processes: list[subprocess.Popen[str]] = []
        self._free: SimpleQueue[subprocess.Popen[str]] = SimpleQueue()

    def __enter__(self) -> Self:
        for _number in range(self.size):
            process = subprocess.Popen(
                [sys.executable, job_driver.__file__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            self._processes.append(process)
            self._free.put(process)
        return self

    def __exit__(self, *_exc: object) -> None:
        for process in self._processes:
            process.kill()
            process.communicate()

    def do(self, job: Job) -> dict[str, Any]:
        """Have a job done by a driver that is free; from any thread.

        Returns:
            Whether its process was ``killed``, and its ``result`` if it gave one.
        """
        process = self._free.get()
        try:
            return _told(process, job)
        finally:
            self._free.put(process)


def _told(process: subprocess.Popen[str], job: Job) -> dict[str, Any]:
    assert process.stdin is not None  # it is a pipe
    assert process.stdout is not None  # it is a pipe
    process.stdin.write(json.dumps(job) + "\n")
    process.stdin.flush()
    outcome: dict[str, Any] = json.loads(process.stdout.readline())
    return outcome
