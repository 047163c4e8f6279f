"""What a second person agrees to: one operation, one token, one content of it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast

import rfc8785
from lockwright.audit.actor import actor
from lockwright.contract.declaration import EVERYTHING, Arguments, Declared
from lockwright.models import Token, TokenObject
from lockwright.pkcs11.refs import base

Subject = Mapping[str, Any]
"""Plain JSON, the same for the same operation on the same content."""
Seen = Sequence[TokenObject]
_ASKING = ("id", "asked_at")


def subject_of(declared: Declared, arguments: Arguments, seen: Seen | None) -> Subject:
    """What a call would do.

    Args:
        declared: the hook.
        arguments: its arguments, without secrets.
        seen: the objects that were listed last, by which the plan was made; None if none were.
    """
    recorded = (declared.records or {}).items()
    known = ((name, of) for name, of in recorded if of.argument in arguments)
    facts = {name: of.told(arguments[of.argument]) for name, of in known}
    return {
        "v": 1,
        "operation": declared.name,
        "token": _token(arguments),
        "facts": facts,
        "goes": _going(declared, arguments, seen or ()) if declared.destroys else [],
        "plan": _digest(seen) if declared.destroys and seen is not None else None,
        "asked_by": {name: actor()[name] for name in ("user", "host")},
    }


def asked(subject: Subject) -> Subject:
    """The same as somebody is asked for it now, with a name of its own."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return {**subject, "id": secrets.token_hex(8), "asked_at": now}


def same(one: Subject, other: Subject) -> bool:
    """Whether it is one operation, whenever it was asked for."""
    plain = ({k: v for k, v in each.items() if k not in _ASKING} for each in (one, other))
    try:
        return len({rfc8785.dumps(each) for each in plain}) == 1
    except rfc8785.CanonicalizationError:  # what somebody wrote into the folder
        return False


def _token(arguments: Arguments) -> Mapping[str, str]:
    if "token" in arguments:
        identity = cast("Token", arguments["token"]).identity
        names = ("serial", "label", "model", "manufacturer")
        return {name: getattr(identity, name) for name in names}
    return {name: str(arguments[name]) for name in ("serial", "model", "vendor")}


def _going(declared: Declared, arguments: Arguments, seen: Seen) -> list[Mapping[str, str]]:
    """What would be gone, by name."""
    if declared.removes == EVERYTHING:
        return sorted(map(_named, seen), key=lambda each: each["ref"])
    known = {obj.ref: obj for obj in reversed(seen)} | {base(obj.ref): obj for obj in seen}
    refs = cast("Sequence[str]", arguments[declared.removes])
    found = ((ref, known.get(ref) or known.get(base(ref))) for ref in refs)
    return [{**(_named(obj) if obj else {}), "ref": ref} for ref, obj in found]


def _named(obj: TokenObject) -> Mapping[str, str]:
    return {"ref": obj.ref, "kind": str(obj.kind), "label": obj.label, "id": obj.id.hex()}


def _digest(seen: Seen) -> str:
    """The digest of a listing, as ``Plan.digest`` has it."""
    return hashlib.sha256("\n".join(sorted(obj.ref for obj in seen)).encode()).hexdigest()
