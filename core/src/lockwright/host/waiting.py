"""Waiting for a child: until it was silent for too long, and for no longer than all in all."""

from __future__ import annotations

from lockwright.host.signs import Life
from lockwright.models.progress import Doing, Progress, Watch


class Waiting:
    """What is waited for.

    Args:
        seconds: of silence, at most.
        slow: seconds beside that until the child begins to count the objects that it removes: an
            adapter that has all removed at once counts none.
        most: seconds all in all, at most, whatever is heard.
        watch: who follows it.
    """

    def __init__(self, seconds: float, slow: float, most: float, watch: Watch) -> None:
        self._seconds = seconds
        self._slow = slow
        self._most = most
        self._watch = watch
        self._shown: Progress | None = None
        self._stopped = False
        self.patience = seconds + slow
        """Seconds that it waited for a sign."""

    def until(self, life: Life) -> float:
        """When to give up, on the clock of ``time.monotonic``."""
        counts = life.progress is not None and life.progress.doing is Doing.REMOVING
        self.patience = self._seconds if counts else self._seconds + self._slow
        silent, whole = life.heard + self.patience, life.asked + max(self._most, self.patience)
        if whole < silent:
            self.patience = max(self._most, self.patience)
        return min(silent, whole)

    def follows(self, life: Life) -> bool:
        """Tell how far it has come; whether it is to stop now, which is said once."""
        if life.progress is not None and life.progress is not self._shown:
            self._shown = life.progress
            self._watch.told(life.progress)
        now = self._watch.stopped and not self._stopped
        self._stopped = self._stopped or now
        return now
