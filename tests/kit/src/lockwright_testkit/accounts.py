"""Several accounts of the system: work that is done as one of them, in a child that ends with it.

Nothing is added to the system: any number is an account, and a group.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

can_change = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="only root can work as another account"
)
"""Marks a test that needs accounts beside its own."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account that nothing else uses."""

    uid: int
    """Its number, which is also that of its own group."""
    groups: tuple[int, ...] = ()
    """Further groups that it is in."""

    def does(self, work: Callable[[], object]) -> str:
        """Do some work as this account, with the umask of most systems.

        Args:
            work: what it imports must be imported by now, or be readable for everybody.

        Returns:
            What came of it, as text; of an error its class and its text.
        """
        reads, writes = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reads)
            os.write(writes, self._done(work).encode(errors="replace"))
            os._exit(0)
        os.close(writes)
        with os.fdopen(reads, "rb") as said:
            told = said.read().decode()
        os.waitpid(child, 0)
        return told

    def _done(self, work: Callable[[], object]) -> str:
        try:
            os.umask(0o022)
            if os.geteuid() != self.uid:
                os.setgroups(self.groups)
                os.setgid(self.uid)
                os.setuid(self.uid)
            return str(work())
        except BaseException as error:  # noqa: BLE001  # the text tells
            return f"{type(error).__name__}: {error}"
