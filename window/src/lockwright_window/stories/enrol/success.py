"""The last page: the certificate is in its place and works, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lockwright.cli import phrases
from lockwright.console.clean import clean
from lockwright.i18n import _
from lockwright.models import StorageKind

from lockwright_window.stories.enrol.attempt import Came
from lockwright_window.story.ended import Ended

if TYPE_CHECKING:
    from lockwright_window.story.frame import Story


def success(story: Story, came: Came, *, removed: bool = False) -> Ended:
    """That page.

    Args:
        story: which it belongs to.
        came: what came of the attempt.
        removed: whether an old container was removed.
    """
    return Ended(story, lambda: _("The certificate is written"), lambda: _lines(came, removed))


def _lines(came: Came, removed: bool) -> Sequence[str]:  # noqa: FBT001  # of its own
    place = clean(came.place)
    label = "" if came.stored is None else clean(phrases.stored(came.stored))
    match came.kind:
        case StorageKind.TOKEN:
            told = _("The certificate is on the token {serial}, beside its new key {label}.")
            where = told.format(serial=place, label=label)
            then = _("You can use it now. Take the token out when you need it no more.")
        case StorageKind.FILE:
            where = _(
                "The certificate and its key are in {file}, sealed with your password."
            ).format(file=place)
            then = _("Keep the file and its password in different places.")
        case _:
            told = _("The certificate and its key are in the system's store {place}.")
            where = told.format(place=place)
            then = _(
                "You can use it now. Close your browser and open it again, so that it sees it."
            )
    proved = _("A signature made with it was checked: it works.")
    gone = _("The old container is removed.") if removed else ""
    return [each for each in (where, proved, gone, then) if each]
