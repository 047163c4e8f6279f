"""Tokens registered as ``lockwright tokens --json`` shows them."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

from lockwright.errors import FileNotRead, reason_of
from lockwright.files import given
from lockwright.i18n import _

from lockwright_desk.cli import files_in_and_out
from lockwright_desk.cli.program import Run
from lockwright_desk.cli.registered import register_of
from lockwright_desk.cli.who import administrator
from lockwright_desk.helpdesk.register import find
from lockwright_desk.helpdesk.register.errors import NoTokens
from lockwright_desk.helpdesk.register.exchange.taking_in import take_in
from lockwright_desk.helpdesk.register.exchange.tokens_in import Tokens

_TAKEN = ("adapter", "model", "serial", "label")
"""What the register takes of it."""


def add(run: Run, file: Path, login: str | None, *, dry_run: bool) -> int | None:
    """Register the tokens of a document, and tell; the exit code.

    Args:
        run: the run.
        file: the document; ``-`` for standard input.
        login: the client who gets them; None for nobody.
        dry_run: only say what would be done.

    Raises:
        FileNotRead: it cannot be read.
        NoTokens: it is no such document, or has no tokens.
        UnknownClient: there is no such client.
    """
    who, found = administrator(), _tokens(_read(file))
    holder = {} if login is None else {"login": find.client(run.database, who, login).login}
    rows = [{name: each.get(name) for name in _TAKEN} | holder for each in found]
    stream = io.BytesIO(json.dumps(rows).encode())
    register = register_of(run)
    return files_in_and_out.tell(
        run, take_in(register, who, Tokens(register), stream, dry_run=dry_run)
    )


def _read(file: Path) -> bytes:
    try:
        if str(file) != "-":
            return given.read(file)
        if sys.stdin is None:
            raise FileNotRead(file="-", reason=_("there is nothing to read"))
        return sys.stdin.buffer.read(given.LARGEST)
    except OSError as error:
        reason = reason_of(error)
    raise FileNotRead(file=str(file), reason=reason)


def _tokens(data: bytes) -> list[dict[str, object]]:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        document = None
    found = document.get("tokens") if isinstance(document, dict) else None
    if not isinstance(found, list) or not found or not all(isinstance(e, dict) for e in found):
        raise NoTokens
    return found
