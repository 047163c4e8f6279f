"""The places that a certificate can go to: the token, the system, a file."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from lockwright.console.clean import clean
from lockwright.i18n import N_, _
from lockwright.models import StorageKind, Token

_KINDS = {
    StorageKind.TOKEN: N_("Token"),
    StorageKind.SYSTEM: N_("System"),
    StorageKind.FILE: N_("File"),
}


def kind(found: StorageKind, tokens: Iterable[Token] = ()) -> str:
    """A kind of storage as the wizard names it.

    Args:
        found: what kind of place it is.
        tokens: those that are connected, whose models people know better.
    """
    name = _(_KINDS[found])
    models = dict.fromkeys(clean(each.identity.model) for each in tokens)
    if found is not StorageKind.TOKEN or not any(models):
        return name
    return f"{name} ({', '.join(filter(None, models))})"


def short(place: str) -> str:
    """A path as people know it, with ~ for their home."""
    home = str(Path.home())
    return f"~{place[len(home) :]}" if place.startswith(home + os.sep) else place


def where(found: StorageKind, place: str) -> str:
    """A place for a certificate.

    Args:
        found: what kind of place it is.
        place: its name in the journal.
    """
    told = {
        StorageKind.TOKEN: _("on the token {place}"),
        StorageKind.SYSTEM: _("in the system's store {place}"),
        StorageKind.FILE: _("in the file {place}"),
    }[found]
    return told.format(place=clean(short(place)))
