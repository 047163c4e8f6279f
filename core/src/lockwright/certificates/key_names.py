"""Types of keys as people call them, in the language in use."""

from __future__ import annotations

from lockwright.i18n import _
from lockwright.pkcs11.key_types import GOST_SETS, UNKNOWN

_GOST = {
    "gost2001": "34.10-2001",
    "gost2012-256": "34.10-2012 256",
    "gost2012-512": "34.10-2012 512",
    "gost-256": "34.10 256",
}
_AS_WRITTEN = {
    "ec:sm2": "SM2",
    "ed25519": "Ed25519",
    "ed448": "Ed448",
    "x25519": "X25519",
    "x448": "X448",
    "ec:unknown": "EC",
}


def in_words(told: str) -> str:
    """A key type: those that ``--key-type`` takes by their identifier, the others by name."""
    name, _colon, detail = told.partition(":")
    if name in _GOST:
        standard, sets = _GOST[name], GOST_SETS.get(detail, detail)
        return _("GOST R {name}").format(name=f"{standard} {sets}".rstrip())
    if name == "ckk":
        return _("key type {number}").format(number=detail)
    return _("unknown key type") if name == UNKNOWN else _AS_WRITTEN.get(told, told)
