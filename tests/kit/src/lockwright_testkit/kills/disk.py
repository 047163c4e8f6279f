"""The end of a process at each moment at which it changes a folder.

What the moments are, the interpreter says (its audit events, ``os.write`` and ``os.fsync``), and
not the functions of the code that writes: so nothing that is written in another way goes unnoticed.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from lockwright_testkit.kills import disk_driver


class DiskKills:
    """Runs code again and again, and ends it at a moment; use it as a context manager.

    Args:
        imports: modules that the code needs: imported once, so that each run costs what it does.
    """

    def __init__(self, *imports: str) -> None:
        command = [sys.executable, disk_driver.__file__, *imports]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._process.kill()
        self._process.communicate()

    def kill(self, folder: Path, code: str, at: int, **given: object) -> bool:
        """Run code, and end its process at a moment.

        Args:
            folder: the folder whose changes are the moments; also the current one.
            code: what is run.
            at: the moment, counted from one.
            given: variables of the code.

        Returns:
            Whether it was killed; it is not if it has fewer moments.

        Raises:
            RuntimeError: it ended badly without.
        """
        assert self._process.stdin is not None  # it is a pipe
        assert self._process.stdout is not None  # it is a pipe
        job = {"folder": str(folder.resolve()), "code": code, "at": at, "given": given}
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        outcome: dict[str, bool] = json.loads(self._process.stdout.readline())
        if not outcome["killed"] and not outcome["done"]:
            raise RuntimeError("the code ended neither well nor by the kill; stderr says why")
        return outcome["killed"]

    def each(self, folder: Path, code: str, *, every: int = 1, **given: object) -> Iterator[int]:
        """Kill it at its first moment, its second, and so on, until it comes to its end.

        Args:
            folder: see ``kill``.
            code: see ``kill``.
            every: take only every so many of the moments.
            given: see ``kill``.

        Yields:
            The moment, right after the kill.
        """
        at = 1
        while self.kill(folder, code, at, **given):
            yield at
            at += every
