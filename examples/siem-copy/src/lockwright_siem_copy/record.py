"""What is told of an operation, and how a collector reads it."""

from __future__ import annotations

import json
import platform
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast

from lockwright.audit.actor import actor
from lockwright.audit.outcome import outcome_of
from lockwright.contract.declaration import Arguments, Declared
from lockwright.models import Token

Record = Mapping[str, Any]
_AUDIT, _WARNING, _INFORMATIONAL = 13, 4, 6
_LONGEST_HOST = 255


def record_of(
    declared: Declared, arguments: Arguments, result: object, error: BaseException | None
) -> Record:
    """What became of an operation: what the audit trail may say of it, and nothing more.

    Args:
        declared: the hook.
        arguments: its arguments, without secrets.
        result: what it returned.
        error: what it raised; None if it returned.
    """
    recorded = (declared.records or {}).items()
    known = ((name, of) for name, of in recorded if of.argument in arguments)
    told = {"outcome": "ok"} if error is None else outcome_of(error)
    return {
        "v": 1,
        "id": uuid.uuid4().hex,
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "who": dict(actor()),
        "hook": declared.name,
        **_touched(arguments),
        "facts": {name: of.told(arguments[of.argument]) for name, of in known},
        **told,
        "result": declared.tells(result) if error is None else {},
    }


def as_json(record: Record) -> bytes:
    """One line of ASCII, without its end."""
    return json.dumps(record, separators=(",", ":"), default=str).encode()


def as_syslog(record: Record) -> bytes:
    """A message of RFC 5424, facility "log audit"; what it says is the JSON of the record."""
    severity = _INFORMATIONAL if record["outcome"] == "ok" else _WARNING
    host = "".join(each for each in platform.node() if "!" <= each <= "~")[:_LONGEST_HOST]
    process, kind = record["who"]["pid"], record["hook"].removeprefix("lockwright_")[:32]
    head = (
        f"<{_AUDIT * 8 + severity}>1 {record['time']} {host or '-'} lockwright {process} {kind} -"
    )
    return head.encode("ascii") + b" " + as_json(record)


def _touched(arguments: Arguments) -> Mapping[str, object]:
    """Adapter and token of a call; of a Response, which is made where no token is, the client's."""
    if "vendor" in arguments:
        token = {name: arguments[name] for name in ("serial", "model")}
        return {"adapter": arguments["vendor"], "token": token}
    token_ = cast("Token | None", arguments.get("token"))
    if token_ is None:
        return {"adapter": None, "token": None}
    names = ("serial", "label", "model", "manufacturer")
    return {
        "adapter": token_.adapter,
        "token": {name: getattr(token_.identity, name) for name in names},
    }
