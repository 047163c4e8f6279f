"""The subject and the key that an order asks for: what the person, the bank and the CA agree on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cryptography import x509

from lockwright.certificates.attribute_types import BY_OID
from lockwright.certificates.subjects import NotAName, exact, with_values, written
from lockwright.enrol.request import parse_subject
from lockwright.errors import BrokenRequest, CaConflict, CaUnknown
from lockwright.i18n import N_, _
from lockwright.models import CaProfile, CaRequirements
from lockwright.operations.enrolment.by_hand import key_type_of

LOGIN = "{login}"
_NOTHING = re.compile(r"=(?=[,+]|\Z)")
_Attribute = x509.NameAttribute[str | bytes]


def subject_for(
    ca: CaProfile, wishes: CaRequirements, login: str | None, given: str | None
) -> x509.Name:
    """The subject to ask for: what was given, the CA dictates or the bank set; they must agree.

    What the CA leaves open is taken from what was given, else from what the bank set.

    Raises:
        CaConflict: they do not agree.
        CaUnknown: nobody says one.
        BrokenRequest: one of them is not a name, or nobody fills what the CA leaves open.
    """
    said = [_with_login(each, login) for each in (given, ca.subject) if each]
    names: list[x509.Name] = [*said]
    if wishes.subject:
        frame = parse_subject(wishes.subject, complete=False)
        if any(not each.value for each in frame):
            return _filled(ca, frame, said)
        names.append(_with_login(wishes.subject, login))
    if not names:
        raise CaUnknown(ca=ca.name, reason=N_("no subject is set for it; give one with --subject"))
    for other in names[1:]:
        if other != names[0]:
            raise _conflict(ca, wanted=other, asked=names[0])
    return names[0]


def with_login(subject: str, login: str) -> str:
    """A subject with the login in place of ``{login}``, as text that keeps its string types.

    Raises:
        BrokenRequest: it is not a name.
    """
    return exact(_with_login(subject, login))


def key_type_for(
    ca: CaProfile, wishes: CaRequirements, given: str | None, offered: Sequence[str]
) -> str:
    """The key type to make.

    What was given or the bank set must be among those that the CA leaves the choice of; otherwise
    the first of these is made that can be, or the first that can be at all.

    Args:
        ca: the CA.
        wishes: what it asks for.
        given: what the person asked for.
        offered: what can be made, the preferred first.

    Raises:
        CaConflict: what was given, the CA dictates and the bank set do not agree.
        NotSupported: no such key can be made.
    """
    said = list(filter(None, (given, ca.key_type)))
    choice = wishes.key_types or tuple(filter(None, (wishes.key_type,)))
    wanted = said[0] if said else None
    for other in said[1:]:
        if other != wanted:
            raise CaConflict(ca=ca.name, what=N_("key type"), wanted=other, asked=said[0])
    if wanted is None:
        wanted = next((each for each in choice if each in offered), ", ".join(choice) or None)
    elif choice and wanted not in choice:
        told = ", ".join(choice)
        raise CaConflict(ca=ca.name, what=N_("key type"), wanted=told, asked=wanted)
    return key_type_of(offered, wanted)


def _with_login(text: str, login: str | None) -> x509.Name:
    """A name with the login in place of ``{login}``, whatever characters are in it."""
    name = parse_subject(text, complete=LOGIN not in text)
    try:
        return with_values(name, lambda value: value.replace(LOGIN, login or ""))
    except NotAName as error:
        raise BrokenRequest(subject=text, reason=str(error)) from error


def _filled(ca: CaProfile, frame: x509.Name, said: Sequence[x509.Name]) -> x509.Name:
    """A subject with its open values filled; all that was said must be in what comes of it."""
    fixed = [each for each in frame if each.value]
    pools = [[each for each in name if each not in fixed] for name in said]
    made, missing = [], []
    for part in frame.rdns:
        filled = [each if each.value else _taken(pools, each) for each in part]
        missing += [each for each, found in zip(part, filled, strict=True) if found is None]
        made.append([each for each in filled if each is not None])
    if missing and not said:
        names = ", ".join(_called(each.oid.dotted_string) for each in reversed(missing))
        told = _("the CA {ca} leaves {names} to you; give the subject with --subject")
        raise BrokenRequest(subject=_shown(frame), reason=told.format(ca=ca.name, names=names))
    if missing:
        raise _conflict(ca, wanted=frame, asked=said[0])
    subject = x509.Name(map(x509.RelativeDistinguishedName, made))
    for name in said:
        if any(each not in subject for each in name):
            raise _conflict(ca, wanted=frame, asked=name)
    return subject


def _taken(pools: Iterable[list[_Attribute]], wanted: _Attribute) -> _Attribute | None:
    """The next value of a type; what others said in its place is left out of the rest, too."""
    found = [
        next((pool.pop(n) for n, each in enumerate(pool) if each.oid == wanted.oid), None)
        for pool in pools
    ]
    return next((each for each in found if each is not None), None)


def _called(oid: str) -> str:
    """What people call a type."""
    return BY_OID[oid].name if oid in BY_OID else oid


def _shown(name: x509.Name) -> str:
    """A name with dots for what the CA leaves open."""
    return _NOTHING.sub("=..", written(name))


def _conflict(ca: CaProfile, *, wanted: x509.Name, asked: x509.Name) -> CaConflict:
    """The error that subjects differ."""
    told, set_ = _shown(wanted), written(asked)
    return CaConflict(ca=ca.name, what=N_("subject"), wanted=told, asked=set_)
