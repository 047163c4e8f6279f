"""``/csrattrs``: the key and the subject that a profile wants a request to have.

Said twice, as RFC 9908 advises: by the attributes of RFC 8951, which every client knows, and by
the template of RFC 9908, in which a field of the subject that differs from person to person has
no value.
"""

from __future__ import annotations

from lockwright.pkcs11.der import NULL, SEQUENCE, encode, integer, oid
from lockwright.pkcs11.spki import CURVES

from lockwright_desk.configuration.profiles import Profile

_SET = 0x31
_CONTEXT_0, _CONTEXT_1 = 0xA0, 0xA1

_EC_PUBLIC_KEY = "1.2.840.10045.2.1"
_RSA_ENCRYPTION = "1.2.840.113549.1.1.1"
_TEMPLATE = "1.2.840.113549.1.9.16.2.61"
"""``id-aa-certificationRequestInfoTemplate``."""
_SIGNATURES = {
    "rsa": "1.2.840.113549.1.1.11",
    "ec:p256": "1.2.840.10045.4.3.2",
    "ec:p384": "1.2.840.10045.4.3.3",
    "ec:p521": "1.2.840.10045.4.3.4",
}
"""sha256WithRSAEncryption, ecdsa-with-SHA256, -SHA384, -SHA512."""


def wished(profile: Profile) -> bytes:
    """``CsrAttrs`` (RFC 8951, section 4; RFC 9908), DER; of several key types the preferred one."""
    key_type = profile.key_types[0]
    signature = _SIGNATURES.get(key_type, _SIGNATURES["rsa"])
    return encode(SEQUENCE, _key(key_type), oid(signature), _template(profile, key_type))


def _key(key_type: str) -> bytes:
    """The key as an attribute: its type, with the curve or the number of bits."""
    if key_type in CURVES:
        return _attribute(_EC_PUBLIC_KEY, CURVES[key_type])
    bits = int(key_type.removeprefix("rsa:"))
    return _attribute(_RSA_ENCRYPTION, integer(bits.to_bytes(2)))


def _template(profile: Profile, key_type: str) -> bytes:
    """``CertificationRequestInfoTemplate``: version, subject, key, and no attributes."""
    rdns = map(_rdn, profile.parts())
    if key_type in CURVES:
        algorithm = encode(SEQUENCE, oid(_EC_PUBLIC_KEY), CURVES[key_type])
    else:
        algorithm = encode(SEQUENCE, oid(_RSA_ENCRYPTION), NULL)
    template = encode(
        SEQUENCE,
        integer(b""),
        encode(SEQUENCE, *rdns),
        encode(_CONTEXT_0, algorithm),
        encode(_CONTEXT_1),
    )
    return _attribute(_TEMPLATE, template)


def _rdn(part: list[tuple[str, bytes | None]]) -> bytes:
    """A part of the subject; a value that the client knows better is left out."""
    attributes = (encode(SEQUENCE, oid(kind), value or b"") for kind, value in part)
    return encode(_SET, *sorted(attributes))


def _attribute(kind: str, value: bytes) -> bytes:
    return encode(SEQUENCE, oid(kind), encode(_SET, value))
