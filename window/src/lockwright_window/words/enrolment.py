"""What the window says of an enrolment: how far it came, what goes on, what is undone."""

from __future__ import annotations

from datetime import UTC, datetime

from lockwright.cli.enrolment_steps import step_text
from lockwright.console.clean import clean
from lockwright.enrol.entry import Entry, Step
from lockwright.i18n import N_, _, ngettext
from lockwright.models import StepNotice, Token
from lockwright.operations.enrolment.due import Prospect

from lockwright_window.words.long import cut
from lockwright_window.words.places import where

MOST_TRIES = 3
"""How often a person tries before somebody is called, as the bank's instruction has it."""
NO_CA = N_(
    "The configuration names no CA that can be asked from here, so no certificate can be got. Tell"
    " your bank's IT."
)
"""Why neither a new certificate nor a renewal can be begun."""
NOBODY_NAMED = N_("the person who gave you the login")


def moment(when: datetime) -> str:
    """A time as the clock here shows it; of another day with its date."""
    here = when.astimezone()
    today = datetime.now().astimezone().date()
    return f"{here:%H:%M:%S}" if here.date() == today else f"{here:%Y-%m-%d %H:%M}"


def waiting(notice: StepNotice) -> str:
    """What a person should know while a step is taken; may be empty."""
    if notice.step == Step.MAKING:
        return _("This can take minutes.")
    if notice.until is None or notice.end is None:
        return ""
    told = _("Asking again at {time}, giving up at {end}.")
    later = _("You may stop here: the order stays with the bank, and you go on later.")
    return " ".join((told.format(time=moment(notice.until), end=moment(notice.end)), later))


def unfinished(entry: Entry) -> str:
    """That something was begun and is not finished."""
    place = where(entry.storage, entry.place)
    if entry.step is Step.UNDOING:
        return _("Undoing a certificate {place} was begun and is not finished.").format(place=place)
    told = (
        _("A renewal of a certificate {place} was begun and is not finished.")
        if entry.renews is not None
        else _("A new certificate {place} was begun and is not finished.")
    )
    return told.format(place=place)


def details(entry: Entry) -> list[str]:
    """What is known of something unfinished, a line each."""
    lines = [_("CA: {ca}").format(ca=clean(entry.ca))]
    if entry.login is not None:
        lines.append(_("Login: {login}").format(login=clean(entry.login)))
    if entry.begun is not None:
        lines.append(_("Begun: {time}").format(time=moment(entry.begun)))
    lines.append(_("Next step: {step}").format(step=step_text(entry.step, entry.storage)))
    if entry.step is Step.WAITING and entry.pending is not None:
        told = _("The bank may be asked again from {time} on.")
        lines.append(told.format(time=moment(entry.pending.not_before)))
    return lines


def going_on(entry: Entry) -> str:
    """What happens to something unfinished that goes on."""
    if entry.step is Step.UNDOING:
        return _("The rest of what was made is removed.")
    if not entry.asks_ca:
        return _(
            "The bank has issued the certificate. It is written and tried; no one-time password is"
            " needed."
        )
    if entry.login is None:
        return _("It goes on where it ended; nothing is made twice.")
    return _(
        "It goes on where it ended; nothing is made twice. The same one-time password is needed"
        " once more."
    )


def undoing(entry: Entry) -> str:
    """What happens to something unfinished that is undone."""
    if entry.step is Step.CLEARING:
        return _("Too late: the new certificate works, and what it replaces is being removed.")
    told = [_("The new key pair, and the certificate if there is one, are removed.")]
    told.append(_("All else stays as it is."))
    if entry.sent and entry.login is not None:
        told.append(_("A new one-time password will be needed."))
    return " ".join(told)


def undone(entry: Entry) -> list[str]:
    """What was removed, a paragraph each.

    Args:
        entry: as it was when it was undone.
    """
    place = where(entry.storage, entry.place)
    label = clean(entry.label) or entry.key_id.hex()
    if entry.step is Step.MAKING and not entry.request:
        gone = _("Whatever was made of the key pair {label} {place} is removed.")
    elif entry.certificate:
        gone = _("The key pair {label} {place} and its certificate are removed.")
    else:
        gone = _("The key pair {label} {place} is removed.")
    told = [gone.format(label=label, place=place), _("All else is as it was.")]
    if entry.sent and entry.login is not None:
        told.append(
            _("The CA had the order: its one-time password may be used up; ask for a new one.")
        )
    return told


def due(token: Token, prospect: Prospect) -> str:
    """That a certificate is to be renewed now.

    Args:
        token: where it is.
        prospect: the certificate, and why.
    """
    left = max((prospect.ends - datetime.now(UTC)).days, 0)
    facts = {"name": cut(clean(prospect.container.name)), "serial": clean(token.serial), "n": left}
    if prospect.wanted_by_its_ca:
        told = ngettext(
            "The bank wants the certificate of {name} on the token {serial} renewed now; it is"
            " valid for {n} more day.",
            "The bank wants the certificate of {name} on the token {serial} renewed now; it is"
            " valid for {n} more days.",
            left,
        )
    else:
        told = ngettext(
            "The certificate of {name} on the token {serial} is valid for {n} more day.",
            "The certificate of {name} on the token {serial} is valid for {n} more days.",
            left,
        )
    return told.format(**facts)


def to_say(code: str, ca: str, login: str | None, place: str, fingerprint: str = "") -> str:
    """What to say to whoever is called.

    Args:
        code: the error's code.
        ca: name of the CA.
        login: the login; None if none is needed.
        place: where the certificate was to go; empty if that is not known.
        fingerprint: what else identifies the case; empty for nothing.
    """
    told = _("No certificate can be got from the CA {ca}, error {code}").format(ca=ca, code=code)
    if login:
        told = _("{told}, login {login}").format(told=told, login=clean(login))
    if place:
        told = _("{told}, {place}").format(told=told, place=place)
    if fingerprint:
        told = f"{told}, {fingerprint}"
    return f"{told}."
