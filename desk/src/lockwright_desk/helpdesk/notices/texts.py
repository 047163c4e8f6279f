"""What a client is told, in the client's language; nothing that an operator has typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lockwright import i18n
from lockwright.console.clean import clean
from lockwright.i18n import N_, _

from lockwright_desk.configuration.helpdesk import HelpdeskSettings
from lockwright_desk.helpdesk.notices.spool import Taken
from lockwright_desk.helpdesk.views import spoken
from lockwright_desk.store.tables.cases import CaseState

_SHOWN = 4
"""Last characters of a serial number that are told."""
_OUTCOMES = {
    CaseState.ANSWERED: N_("Whether it worked is not known yet."),
    CaseState.WORKED: N_("You said that it worked."),
    CaseState.FAILED: N_("You said that it did not work."),
    CaseState.CALLED_OFF: N_("The call was broken off then."),
}


@dataclass(frozen=True, slots=True)
class Text:
    """A message."""

    subject: str
    body: str


def text_of(settings: HelpdeskSettings, notice: Taken) -> Text:
    """The message of a notice.

    Args:
        settings: the bank's hours, whose time zone it is, and its contact.
        notice: the notice.
    """
    known = notice.language if notice.language in i18n.LANGUAGES else None
    with i18n.speaking(known or settings.notices.language or i18n.language()):
        number = spoken(notice.number)
        lines = [
            _("Dear {name},").format(name=clean(notice.name)),
            _told(notice, _moment(settings, notice.at)),
            _contact(settings.notices.contact),
            _("Case {number}.").format(number=number),
        ]
        subject = _("Your token: case {number} of the help desk").format(number=number)
        return Text(subject, "\n\n".join(lines) + "\n")


def _told(notice: Taken, when: str) -> str:
    serial = clean(notice.serial[-_SHOWN:])
    if notice.answered:
        told = _(
            "on {when} the help desk gave a Response that unblocks your token …{serial}: with it a"
            " new PIN can be set. {outcome}"
        )
        return told.format(when=when, serial=serial, outcome=_(_OUTCOMES[notice.kind]))
    told = _(
        "on {when} somebody called the help desk in your name about your token …{serial}. No"
        " Response was given, and nothing on the token was changed."
    )
    return told.format(when=when, serial=serial)


def _contact(contact: str | None) -> str:
    if contact is None:
        return _("If that was not you, call the bank at once, at the number that you know.")
    return _("If that was not you, call at once: {contact}").format(contact=contact)


def _moment(settings: HelpdeskSettings, at: datetime) -> str:
    """By the bank's clock, with what it differs from UTC."""
    here = at.astimezone(settings.hours.zone)
    return f"{here:%Y-%m-%d %H:%M} (UTC{here:%z})"
