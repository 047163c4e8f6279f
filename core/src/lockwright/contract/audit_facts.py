"""What may be recorded of a hook: names, numbers, hashes and marks, never a secret."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from types import MappingProxyType

from lockwright.keys.source import HsmKey, KeySource
from lockwright.models import Challenge, Failure, Issued, KeyPair, Pending, Refused
from lockwright.records import dataclass

Facts = Mapping[str, object]

_MARK = 16


@dataclass(frozen=True, slots=True)
class Of:
    """A recorded fact of one argument of a hook."""

    argument: str
    """The argument."""
    told: Callable[..., object] = lambda value: value
    """What is recorded of it; all of it unless told otherwise."""


Recorded = Mapping[str, Of]
"""The facts that the trail holds of a hook's arguments, by name."""
NOTHING_RECORDED: Recorded = MappingProxyType({})
"""Of a hook that is recorded, though nothing of its arguments is."""


def digest(data: bytes) -> str:
    """SHA-256, lower-case hex."""
    return hashlib.sha256(data).hexdigest()


def digest_if_any(data: bytes | None) -> str | None:
    """SHA-256, lower-case hex; None of nothing."""
    return None if data is None else digest(data)


def is_given(value: object) -> bool:
    """Whether there is one."""
    return value is not None


def name_of(value: Enum) -> object:
    """The word of an enumeration."""
    return value.value


def place_of(key: KeySource) -> str:
    """Where an administrator key is."""
    return "hsm" if isinstance(key, HsmKey) else "file"


def request_mark(data: bytes) -> str:
    """The mark of a Request, by which the token's side and the bank's find each other's record.

    Args:
        data: the Request as the token made it.
    """
    return digest(data)[:_MARK]


def nothing(_result: object) -> Facts:
    """Of a result that tells nothing, or nothing that may be told."""
    return {}


def count(result: object) -> Facts:
    """How many there are."""
    return {"count": len(result)} if isinstance(result, Sequence) else {}


def request(result: object) -> Facts:
    """The mark of a Request that the token made."""
    if not isinstance(result, Challenge):
        return {}
    return {"request_sha256": request_mark(result.data)}


def answer(result: object) -> Facts:
    """What a CA answered."""
    match result:
        case Issued():
            return {"answer": "issued", "certificate_sha256": digest(result.certificate)}
        case Pending():
            return {"answer": "pending", "not_before": f"{result.not_before:%Y-%m-%dT%H:%M:%SZ}"}
        case Refused():
            return {"answer": "refused"}
        case _:
            return {}


def public_key(result: object) -> Facts:
    """The hash of a new key's public half."""
    return {"public_key_sha256": digest(result.public_key)} if isinstance(result, KeyPair) else {}


def failures(result: object) -> Facts:
    """Which objects stayed, and the module's return value for each."""
    stayed = [f for f in result if isinstance(f, Failure)] if isinstance(result, Sequence) else []
    return {
        "failures": [
            {"ref": f.ref, "ckr": None if f.ckr is None else f"0x{f.ckr:08x}"} for f in stayed
        ]
    }
