"""The help desk's own keys in the HSM: what each is for, and nothing else it may be used for."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lockwright.i18n import N_, _
from lockwright.pkcs11.constants import CKA, CKK, CKM, CKO
from lockwright.pkcs11.secret_keys import NestedTemplate
from lockwright.pkcs11.session import AttributeValue, Template
from lockwright.pkcs11.values import number, pack

from lockwright_desk.helpdesk.custody.errors import HsmKeyMissing, HsmKeyUnfit, HsmLacks
from lockwright_desk.helpdesk.custody.session import HsmSession
from lockwright_desk.helpdesk.custody.templates import (
    KEPT,
    PASSWORD,
    TOKEN_KEY,
    UNUSED,
    password,
    to_be_wrapped,
)

_BYTES = 32


class Kind(StrEnum):
    """What a key is for, as its label says it."""

    WRAPPING = "wrapped"
    """Wraps the keys of tokens, and unwraps them inside the HSM."""
    MASTER = "derived"
    """The keys of tokens are derived from it."""
    OPENING = "opened"
    """Wraps passwords, which leave the HSM for one process alone, encrypted to its key."""
    SEAL = "seal"
    """Seals records."""


@dataclass(frozen=True, slots=True)
class _About:
    key_type: int
    uses: frozenset[int]
    makes: int
    """Mechanism that makes one."""
    needs: frozenset[int]
    """Mechanisms that it is used by, beside those of ``WRAPPINGS``."""
    unwraps: Template | None = None
    """All that it may unwrap to; None where it wraps nothing."""


WRAPPINGS = (CKM.AES_KEY_WRAP, CKM.AES_KEY_WRAP_PAD)
"""Either does; the first that there is, is used."""
_ENCRYPTS = frozenset({CKM.DES3_ECB})
_ABOUT = {
    Kind.WRAPPING: _About(
        CKK.AES, frozenset({CKA.WRAP, CKA.UNWRAP}), CKM.AES_KEY_GEN, _ENCRYPTS, TOKEN_KEY
    ),
    Kind.OPENING: _About(
        CKK.AES,
        frozenset({CKA.WRAP, CKA.UNWRAP}),
        CKM.AES_KEY_GEN,
        frozenset({CKM.RSA_PKCS_OAEP}),
        PASSWORD,
    ),
    Kind.MASTER: _About(
        CKK.AES,
        frozenset({CKA.DERIVE}),
        CKM.AES_KEY_GEN,
        _ENCRYPTS | {CKM.AES_ECB_ENCRYPT_DATA},
    ),
    Kind.SEAL: _About(
        CKK.GENERIC_SECRET,
        frozenset({CKA.SIGN}),
        CKM.GENERIC_SECRET_KEY_GEN,
        frozenset({CKM.SHA256_HMAC}),
    ),
}
_WHAT = {
    Kind.WRAPPING: N_("custody of wrapped keys"),
    Kind.MASTER: N_("custody of derived keys"),
    Kind.OPENING: N_("custody of passwords"),
    Kind.SEAL: N_("the seal of the records"),
}
_PROBE = hashlib.sha256(b"lockwright mark").digest()
"""What a mark is made with; there is nothing secret in it."""


def label_of(prefix: str, kind: Kind, version: int) -> str:
    """Label of a version of a key; there is one seal, without a version."""
    return f"{prefix}-{kind.value}" + ("" if kind is Kind.SEAL else f"-{version}")


def kind_of(prefix: str, label: str) -> Kind | None:
    """What a key is for by its label; None for one that is none of ours."""
    name, _dash, version = label.removeprefix(f"{prefix}-").partition("-")
    if not label.startswith(f"{prefix}-") or name not in set(Kind):
        return None
    kind = Kind(name)
    fits = not version if kind is Kind.SEAL else version.isdecimal()
    return kind if fits else None


def demand_mechanisms(kind: Kind, offered: frozenset[int], *, to_make: bool = False) -> None:
    """See that the HSM has what a kind of key needs.

    Raises:
        HsmLacks: it has not, by name.
    """
    about = _ABOUT[kind]
    wanted = about.needs | ({about.makes} if to_make else frozenset())
    missing = [f"CKM_{CKM(each).name}" for each in sorted(wanted - offered)]
    if about.unwraps is not None and offered.isdisjoint(WRAPPINGS):
        missing.append("CKM_AES_KEY_WRAP(_PAD)")
    if missing:
        raise HsmLacks(mechanisms=tuple(missing), what=_(_WHAT[kind]))


def demand_encryption(offered: frozenset[int]) -> None:
    """See that keys that are objects of their own can be put to use.

    Raises:
        HsmLacks: they cannot.
    """
    if CKM.DES3_ECB not in offered:
        raise HsmLacks(mechanisms=("CKM_DES3_ECB",), what=_("custody of keys as objects"))


def wrapping(offered: frozenset[int]) -> int:
    """The mechanism by which keys are wrapped here."""
    return next(mechanism for mechanism in WRAPPINGS if mechanism in offered)


def make(session: HsmSession, kind: Kind, label: str) -> None:
    """Make a key in the HSM that can do what it is for, and nothing else, for ever.

    Raises:
        CkrError: the HSM refuses.
    """
    about = _ABOUT[kind]
    template: dict[int, AttributeValue | Template] = {
        CKA.CLASS: CKO.SECRET_KEY,
        CKA.KEY_TYPE: about.key_type,
        CKA.VALUE_LEN: _BYTES,
        CKA.LABEL: label,
        **KEPT,
        **UNUSED,
        **dict.fromkeys(map(int, about.uses), True),
    }
    if about.unwraps is not None:
        template[CKA.UNWRAP_TEMPLATE] = about.unwraps
    made: NestedTemplate = template
    session.keys.generate(about.makes, made)


def has(session: HsmSession, label: str) -> bool:
    """Whether the HSM has a secret key with a label.

    Raises:
        CkrError: the HSM refuses.
    """
    return bool(session.objects.find({CKA.CLASS: CKO.SECRET_KEY, CKA.LABEL: label}, 1))


def of_label(session: HsmSession, kind: Kind, label: str) -> int:
    """The one key that has a label, judged; its handle.

    Raises:
        HsmKeyMissing: there is none, or are several.
        HsmKeyUnfit: it could be put to another use, or taken out.
    """
    found = session.objects.find({CKA.CLASS: CKO.SECRET_KEY, CKA.LABEL: label})
    if len(found) != 1:
        raise HsmKeyMissing(label=label, number=len(found))
    _judge(session, found[0], kind, label)
    return found[0]


def labels(session: HsmSession, prefix: str) -> dict[str, Kind]:
    """Labels of our keys in the HSM, and what each is for."""
    found: dict[str, Kind] = {}
    for key_type in {about.key_type for about in _ABOUT.values()}:
        for handle in session.objects.find({CKA.CLASS: CKO.SECRET_KEY, CKA.KEY_TYPE: key_type}):
            label = session.objects.values(handle, (CKA.LABEL,)).get(CKA.LABEL, b"")
            text = label.decode(errors="replace")
            if kind := kind_of(prefix, text):
                found[text] = kind
    return found


def _judge(session: HsmSession, handle: int, kind: Kind, label: str) -> None:
    about = _ABOUT[kind]
    uses = {use: use in about.uses for use in UNUSED}
    wanted: dict[int, AttributeValue] = {
        CKA.KEY_TYPE: about.key_type,
        CKA.VALUE_LEN: _BYTES,
        **KEPT,
        **uses,
    }
    found = session.objects.values(handle, tuple(wanted))
    demand(wanted, found, label)
    if about.unwraps is not None:
        inside = session.keys.nested(handle, CKA.UNWRAP_TEMPLATE)
        if inside == {}:
            name = f"CKA_{CKA.UNWRAP_TEMPLATE.name}"
            raise HsmKeyUnfit(label=label, attribute=name, found=_("empty"))
        if inside is not None:  # or the HSM has no such attribute at all
            demand(about.unwraps, inside, label, "CKA_UNWRAP_TEMPLATE: ")


def demand(wanted: Template, found: Mapping[int, bytes], label: str, where: str = "") -> None:
    """See that attributes of a key have the values that they must have.

    Raises:
        HsmKeyUnfit: one has another, or the HSM does not tell it.
    """
    for attribute, value in wanted.items():
        if found.get(attribute) != pack(value):
            name = f"{where}CKA_{CKA(attribute).name}"
            raise HsmKeyUnfit(label=label, attribute=name, found=_shown(attribute, found))


def _shown(attribute: int, found: Mapping[int, bytes]) -> str:
    value = found.get(attribute)
    if value is None:
        return _("not told")
    return str(number(value)) if len(value) > 1 else str(bool(number(value)))


def mark(session: HsmSession, kind: Kind, handle: int) -> str:
    """What tells a key from another one; lower-case hex, and it tells nothing of the key.

    It is the SHA-256 of what the key makes of something that everybody knows: of a wrapping key
    the wrapped known key, of a master key a block encrypted by what is derived of known data, of
    the seal the MAC.

    Raises:
        CkrError: the HSM refuses.
    """
    if kind is Kind.SEAL:
        made = session.uses.sign(handle, CKM.SHA256_HMAC, _PROBE)
    elif kind is not Kind.MASTER:
        clear = to_be_wrapped(_PROBE[:24]) if kind is Kind.WRAPPING else password(_PROBE)
        with session.temporary(session.objects.create(clear)) as known:
            made = session.keys.wrap(wrapping(session.offered), handle, known)
    else:
        derived = session.keys.derive(CKM.AES_ECB_ENCRYPT_DATA, handle, _PROBE, TOKEN_KEY)
        with session.temporary(derived) as key:
            made = session.uses.encrypt(key, CKM.DES3_ECB, _PROBE[:8])
    return hashlib.sha256(made).hexdigest()
