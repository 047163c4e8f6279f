"""``[desk]``: the bank's help desk, where a Request goes over the line."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from lockwright.config.table import Table, Wrong
from lockwright.i18n import _
from lockwright.records import dataclass

_PIN = re.compile("sha256:[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """The bank's help desk."""

    url: str
    """Its address, `https://...`."""
    ca: tuple[Path, ...] = ()
    """Files with the CA certificates that may vouch for it; those of the system never do."""
    pins: tuple[str, ...] = ()
    """`sha256:` and the SHA-256 of the SubjectPublicKeyInfo of its certificate, in hexadecimal; it
    has to be one of them."""
    certificate: Path | None = None
    """PEM file with the certificate by which an operator signs in there (`respond --desk`), and
    those of the CAs between, if there are any."""
    key: Path | None = None
    """PEM file with its private key, readable by its owner only; None where it is in the same
    file. It may be encrypted."""


def desk(table: Table, path: Callable[[str], Path]) -> DeskSettings | None:
    """What the table says; None if there is none.

    Args:
        table: the table.
        path: makes a path of a text.

    Raises:
        Wrong: something in it has no meaning.
    """
    is_there = bool(table.names)
    url = table.text("url")
    made = DeskSettings(
        url=url or "",
        ca=tuple(map(path, table.texts("ca") or ())),
        pins=table.texts("pin") or (),
        certificate=_optional(table.text("certificate"), path),
        key=_optional(table.text("key"), path),
    )
    table.done()
    if not is_there:
        return None
    if url is None:
        raise Wrong(_("[{table}] url is missing").format(table=table.name))
    for each in made.pins:
        if not _PIN.fullmatch(each):
            told = _("[desk] pin: {text} must be sha256: and 64 hexadecimal digits")
            raise Wrong(told.format(text=each))
    if made.key and not made.certificate:
        raise Wrong(_("[desk] key goes with certificate"))
    if not made.ca and not made.pins:
        raise Wrong(_("[desk] needs ca or pin: without them anybody could be the bank's desk"))
    return made


def _optional(text: str | None, path: Callable[[str], Path]) -> Path | None:
    return None if text is None else path(text)
