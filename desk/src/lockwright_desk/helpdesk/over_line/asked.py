"""A Request as a client sends it: JSON, each field no more than it can be."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from lockwright.i18n import _
from lockwright.line.sealed import KEY_LENGTH

from lockwright_desk.helpdesk.over_line.refusals import LineUnfit
from lockwright_desk.store.tables.base import NAME

LONGEST = 4096
"""Bytes of what is sent."""
_ADAPTER = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_REQUEST = re.compile(r"(?:[0-9A-Fa-f]{2}){4,64}")
_FIELDS = {"adapter", "model", "serial", "request", "key"}
_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Asked:
    """A Request and what it is of."""

    adapter: str
    model: str
    serial: str
    """Serial number as the token has it."""
    request: bytes
    key: bytes
    """Public key of X25519, made for this Request alone."""
    seconds: int
    """How long the client waits."""


def read(body: bytes) -> Asked:
    """Read it.

    Raises:
        LineUnfit: it is none.
    """
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise LineUnfit(reason=_("it is no JSON")) from None
    if not isinstance(found, dict):
        raise LineUnfit(reason=_("it is no JSON object"))
    if unknown := sorted(found.keys() - _FIELDS - {"seconds"}):
        raise _unfit(unknown[0])
    return Asked(
        adapter=_matching(found, "adapter", _ADAPTER),
        model=_line(found, "model"),
        serial=_line(found, "serial"),
        request=bytes.fromhex(_matching(found, "request", _REQUEST)),
        key=_key(found),
        seconds=_seconds(found),
    )


def _text(found: Mapping[str, object], name: str) -> str:
    said = found.get(name)
    if not isinstance(said, str):
        raise _unfit(name)
    return said


def _matching(found: Mapping[str, object], name: str, pattern: re.Pattern[str]) -> str:
    said = _text(found, name)
    if not pattern.fullmatch(said):
        raise _unfit(name)
    return said


def _line(found: Mapping[str, object], name: str) -> str:
    """A text on one line, without anything that a screen would not show."""
    said = _text(found, name).strip()
    if not 0 < len(said) <= NAME or not said.isprintable():
        raise _unfit(name)
    return said


def _key(found: Mapping[str, object]) -> bytes:
    try:
        key = base64.b64decode(_text(found, "key"), validate=True)
    except ValueError:
        raise _unfit("key") from None
    if len(key) != KEY_LENGTH or not any(key):
        raise _unfit("key")
    return key


def _seconds(found: Mapping[str, object]) -> int:
    said = found.get("seconds", _SECONDS)
    if type(said) is not int or not 0 < said <= _SECONDS:
        raise _unfit("seconds")
    return said


def _unfit(name: str) -> LineUnfit:
    return LineUnfit(reason=_("{name} is not as it has to be").format(name=name[:NAME]))
