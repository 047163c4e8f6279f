"""The CAs of the configuration, and what an order to one of them asks for."""

from __future__ import annotations

from cryptography import x509

from lockwright.certificates.subjects import NotAName, exact, with_values, written
from lockwright.config import CaSettings, Config
from lockwright.enrol.anchors import ConfirmedAnchors
from lockwright.enrol.request import parse_subject
from lockwright.enrol.trust import der, read_anchors
from lockwright.errors import BrokenRequest, CaConflict, CaUnknown
from lockwright.i18n import N_, _
from lockwright.models import CaProfile, CaRequirements

LOGIN = "{login}"


def profile(config: Config, name: str) -> CaProfile:
    """A configured CA with its trust: its own, else the general one, else what was confirmed.

    Raises:
        CaUnknown: no CA of that name is configured.
        CertificateUnreadable: a file with trusted certificates cannot be read.
    """
    settings = config.authorities.get(name)
    if settings is None:
        known = ", ".join(sorted(config.authorities))
        reason = (
            _("it is not in the configuration; known are {known}").format(known=known)
            if known
            else _("the configuration names no CA")
        )
        raise CaUnknown(ca=name, reason=reason)
    anchors = read_anchors(settings.trust or config.trust)
    return CaProfile(
        name=name,
        kind=settings.kind,
        url=settings.url,
        label=settings.label,
        anchors=tuple(map(der, anchors or ConfirmedAnchors(config.anchors_folder).of(name))),
        server_anchors=tuple(map(der, read_anchors(settings.server_trust, for_chains=False))),
        system_trust=settings.system_trust,
        key_type=settings.key_type,
        subject=settings.subject,
        contact=_contact(config, settings),
        deadline=config.deadlines.ca,
        settings=settings.further,
    )


def subject_for(
    ca: CaProfile, wishes: CaRequirements, login: str | None, given: str | None
) -> x509.Name:
    """The subject to ask for: what was given, the CA dictates or the bank set; they must agree.

    Raises:
        CaConflict: they do not.
        CaUnknown: nobody says one.
        BrokenRequest: one of them is not a name.
    """
    said = [each for each in (given, ca.subject, wishes.subject) if each]
    names = [_with_login(each, login) for each in said]
    if not names:
        raise CaUnknown(ca=ca.name, reason=N_("no subject is set for it; give one with --subject"))
    for other in names[1:]:
        if other != names[0]:
            wanted, asked = written(other), written(names[0])
            raise CaConflict(ca=ca.name, what=N_("subject"), wanted=wanted, asked=asked)
    return names[0]


def with_login(subject: str, login: str) -> str:
    """A subject with the login in place of ``{login}``, as text that keeps its string types.

    Raises:
        BrokenRequest: it is not a name.
    """
    return exact(_with_login(subject, login))


def key_type_for(ca: CaProfile, wishes: CaRequirements, given: str | None) -> str | None:
    """The key type to make; None if nobody says one, and the token's first will do.

    Raises:
        CaConflict: what was given, the CA dictates and the bank set do not agree.
    """
    said = [each for each in (given, ca.key_type, wishes.key_type) if each]
    for other in said[1:]:
        if other != said[0]:
            raise CaConflict(ca=ca.name, what=N_("key type"), wanted=other, asked=said[0])
    return said[0] if said else None


def _with_login(text: str, login: str | None) -> x509.Name:
    """A name with the login in place of ``{login}``, whatever characters are in it."""
    name = parse_subject(text, complete=LOGIN not in text)
    try:
        return with_values(name, lambda value: value.replace(LOGIN, login or ""))
    except NotAName as error:
        raise BrokenRequest(subject=text, reason=str(error)) from error


def _contact(config: Config, settings: CaSettings) -> str:
    return settings.contact or config.contact
