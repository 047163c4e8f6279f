"""A Request as it is handed on: read aloud, copied, scanned."""

from __future__ import annotations

from lockwright.console.clean import clean
from lockwright.i18n import _, language
from lockwright.operations.remote import Request
from lockwright.records import dataclass
from lockwright.spoken import words_of

LINES = ("Request: {request}", "Serial number: {serial}")
"""What a QR code says: ASCII, which every reader of them shows as it is, in one language, since
whoever scans it may speak another than whoever shows it."""


@dataclass(frozen=True, slots=True)
class Group:
    """Characters that are read aloud together."""

    characters: str
    words: str
    """A word for each, in the language in use."""


def groups(request: Request) -> tuple[Group, ...]:
    """A Request group by group."""
    words = words_of(language())
    return tuple(
        Group(part, " ".join(words[digit] for digit in part)) for part in request.text.split()
    )


def copied(request: Request) -> str:
    """What is put on the clipboard, to be sent: everything that is read out otherwise."""
    return "\n".join(
        (
            _("Request: {request}").format(request=request.text),
            _("Check: {words} ({digits})").format(
                words=request.check.words(language()), digits=request.check.digits
            ),
            _("Serial number: {serial}").format(serial=clean(request.serial)),
        )
    )


def scanned(request: Request) -> str:
    """What a QR code says: what the bank asks for, in the form in which it is typed there."""
    return "\n".join(LINES).format(request=request.text, serial=clean(request.serial))
