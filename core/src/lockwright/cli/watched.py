"""What goes through the objects of a token, as a person sees it: how many are done of how many."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from lockwright.cli.invocation import Invocation
from lockwright.console.interrupts import asked_first
from lockwright.i18n import _, ngettext
from lockwright.models import Doing, Progress, Watch

_MANY = 50
"""Objects whose deletion may take minutes, so that it is told where nothing moves, too."""


@contextmanager
def reading(run: Invocation) -> Iterator[None]:
    """The block reads a token."""
    with run.output.working(_("Reading the token")) as goes_on:
        watch = Watch(lambda progress: goes_on(_count(progress)))
        with run.runner.watching(watch):
            yield


@contextmanager
def deleting(run: Invocation, planned: int, *, stops: bool) -> Iterator[None]:
    """The block deletes objects of a token; Ctrl-C ends that after the object in hand.

    Args:
        run: the command.
        planned: how many objects.
        stops: whether it can be stopped so.
    """
    ways = _("Ctrl-C stops it after the object in hand, a second one at once.") if stops else ""
    stopping = _("Stopping after the object in hand; Ctrl-C once more ends it at once.")
    with run.output.working(_("Deleting"), ways, slow=planned > _MANY) as goes_on:

        def tell(progress: Progress) -> None:
            more = stopping if watch.stopped else ways
            goes_on("\n".join(filter(None, (_count(progress), more))))

        def stop() -> bool:
            if stops := watch.stop():
                # A signal's handler may have come in the middle of what writes to the terminal.
                threading.Thread(target=tell, args=(watch.last,), daemon=True).start()
            return stops

        watch = Watch(tell)
        with run.runner.watching(watch), asked_first(stop):
            yield


def _count(progress: Progress) -> str:
    """How far it has come, in a line; empty if nothing is counted."""
    done, total = progress.done, progress.total
    if progress.doing is Doing.READING:
        told = ngettext("{done} of {total} object", "{done} of {total} objects", total)
        return told.format(done=done, total=total)
    if progress.doing is Doing.REMOVING and total:
        told = ngettext(
            "{done} of {total} object is gone", "{done} of {total} objects are gone", total
        )
        return told.format(done=done, total=total)
    if progress.doing is Doing.REMOVING:
        told = ngettext("{number} object is gone", "{number} objects are gone", done)
        return told.format(number=done)
    return ""
