"""PKCS#11 URIs (RFC 7512), as far as they name a token."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

from lockwright.errors import BrokenUri
from lockwright.i18n import N_, _
from lockwright.models.token import TokenIdentity
from lockwright.records import dataclass

SCHEME = "pkcs11:"

_PIN = re.compile("[:;?&]pin-(value|source)=", re.IGNORECASE)
_OF_OBJECTS = {"object", "type", "id"}
_UNRESERVED = ":[]@!$'()*+,=&"
"""What RFC 7512 lets stand in a path attribute's value, beside what never needs escaping."""


@dataclass(frozen=True, slots=True)
class TokenUri:
    """A PKCS#11 URI, read."""

    attributes: dict[str, bytes]
    """Path attributes, percent-decoded."""
    module_path: Path | None = None
    """The query attribute ``module-path``."""


def parse(text: str) -> TokenUri:
    """Read a PKCS#11 URI.

    Query attributes are passed over, as RFC 7512 allows, save ``module-path``, which is read, and
    those that carry a PIN: a command line shows to everyone on the computer.

    Raises:
        BrokenUri: it is not a PKCS#11 URI, or it carries a PIN.
    """
    path, _, query = text.partition("?")
    if not path.lower().startswith(SCHEME):
        raise _broken(path, N_("it does not begin with pkcs11:"))
    if _PIN.search(text):
        raise _broken(SCHEME, N_("a PIN is never taken from a URI"))
    attributes = _pairs(path, path[len(SCHEME) :], ";")
    version = attributes.get("library-version")
    if version and b"." not in version:
        attributes["library-version"] = version + b".0"
    module = _pairs(path, query, "&").get("module-path")
    if module and b"\0" in module:
        raise _broken(path, N_("no path has a NUL byte, as its module-path has"))
    return TokenUri(attributes, Path(os.fsdecode(module)) if module else None)


def matches(uri: TokenUri, identity: TokenIdentity) -> bool:
    """Whether a URI names a token; an attribute that nobody knows fits no token (section 2.3)."""
    known = _attributes(identity)
    return all(
        name in known and known[name].encode() == value for name, value in of_the_token(uri).items()
    )


def of_the_token(uri: TokenUri) -> dict[str, bytes]:
    """What a URI says of the token, whatever object on it is meant."""
    return {name: value for name, value in uri.attributes.items() if name not in _OF_OBJECTS}


def uri_of(identity: TokenIdentity) -> str:
    """The URI that names a token by the strings it was made with, whatever slot it is in."""
    known = _attributes(identity)
    return SCHEME + ";".join(
        f"{name}={quote(known[name], safe=_UNRESERVED)}"
        for name in ("token", "manufacturer", "serial", "model")
    )


def naming(identity: TokenIdentity, others: Iterable[TokenIdentity]) -> str:
    """The URI that names a token and none of those that were seen beside it.

    Args:
        identity: the token.
        others: what was seen beside it; it may be among them itself.
    """
    same = [each for each in others if each.strings == identity.strings and each != identity]
    beside = [each for each in same if each.module.path == identity.module.path]
    slot = f";slot-id={identity.slot}" if beside else ""
    path = quote(os.fsencode(identity.module.path), safe="/:")
    return f"{uri_of(identity)}{slot}" + (f"?module-path={path}" if len(beside) < len(same) else "")


def _attributes(identity: TokenIdentity) -> dict[str, str]:
    version = identity.module.version
    return {
        "token": identity.label,
        "manufacturer": identity.manufacturer,
        "serial": identity.serial,
        "model": identity.model,
        "library-manufacturer": identity.module.manufacturer,
        "library-description": identity.module.description,
        "library-version": f"{version[0]}.{version[1]}",
        "slot-description": identity.slot_description,
        "slot-id": str(identity.slot),
    }


def _pairs(path: str, text: str, separator: str) -> dict[str, bytes]:
    pairs: dict[str, bytes] = {}
    for part in text.split(separator) if text else ():
        name, equals, value = part.partition("=")
        if not name or not equals:
            raise _broken(path, N_("a part of it is not name=value"))
        if name in pairs:
            raise _broken(path, _("{} stands in it twice").format(name))
        pairs[name] = unquote_to_bytes(os.fsencode(value))
    return pairs


def _broken(path: str, reason: str) -> BrokenUri:
    return BrokenUri(uri=path, reason=reason)
