"""The CAs of the configuration, each with its trust."""

from __future__ import annotations

from lockwright.config import CaSettings, Config
from lockwright.enrol.anchors import ConfirmedAnchors
from lockwright.enrol.trust import der, read_anchors
from lockwright.errors import CaUnknown
from lockwright.i18n import _
from lockwright.models import CaProfile


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


def _contact(config: Config, settings: CaSettings) -> str:
    return settings.contact or config.contact
