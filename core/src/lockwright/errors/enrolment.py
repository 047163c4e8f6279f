"""Enrolments that wait, that cannot go on, or that stand in the way."""

from __future__ import annotations

from lockwright.errors.base import LockwrightError
from lockwright.errors.ca import KEY_KEPT
from lockwright.i18n import N_


class EnrolmentError(LockwrightError):
    """An enrolment is not finished."""

    code = "enrolment"
    exit_code = 17


class EnrolmentWaits(EnrolmentError):
    """The CA has not decided yet."""

    code = "enrolment-waits"
    message = N_("The CA {ca} has not decided yet and says: {reason}. Ask again from {until} on.")
    advice = N_("Then run: lockwright enroll --resume")
    usual_cost = KEY_KEPT
    facts_named = ("ca", "reason", "until")


class EnrolmentOpen(EnrolmentError):
    """An enrolment on this token was begun and not finished."""

    code = "enrolment-open"
    message = N_("An enrolment with the CA {ca} was begun on the token {serial} and not finished.")
    advice = N_("Go on with: lockwright enroll --resume, or undo it: lockwright enroll --abandon")
    facts_named = ("ca", "serial")


class EnrolmentBusy(EnrolmentError):
    """Another process works on the enrolment of this token."""

    code = "enrolment-busy"
    message = N_("Another process works on the enrolment of the token {serial}.")
    advice = N_("Wait until it has ended; it can be seen with: lockwright enroll --status")
    facts_named = ("serial",)


class NoEnrolment(EnrolmentError):
    """Nothing was left unfinished on this token."""

    code = "enrolment-none"
    message = N_("No unfinished enrolment is known for the token {serial}.")
    advice = N_("See all there are with: lockwright enroll --status")
    facts_named = ("serial",)


class EnrolmentTooLate(EnrolmentError):
    """The new certificate is in place and the old one is being removed."""

    code = "enrolment-too-late"
    message = N_(
        "The new certificate on the token {serial} works, and the old one is being removed."
    )
    advice = N_("Finish with: lockwright enroll --resume")
    facts_named = ("serial",)


class NotWritten(EnrolmentError):
    """The certificate could not be written to the token, however often it was tried."""

    code = "enrolment-not-written"
    message = N_(
        "The certificate could not be written to the token {serial}, tried {tries} times: {reason}."
    )
    advice = N_(
        'Call {contact} and say: "The certificate {certificate} of the CA {ca} is not written to'
        ' the token {serial}, error {error}." Once the cause is gone, go on with: lockwright'
        " enroll --resume"
    )
    usual_cost = N_("The certificate is kept in the journal, its key pair is on the token.")
    facts_named = ("serial", "ca", "contact", "certificate", "error", "tries", "reason")


class NotProved(EnrolmentError):
    """The new certificate does not fit what its key signs."""

    code = "enrolment-not-proved"
    message = N_(
        "The new key on the token {serial} signs, but the new certificate does not fit it."
    )
    advice = N_("Undo it with: lockwright enroll --abandon, and give this message to {contact}.")
    usual_cost = N_("The old certificate is as it was.")
    facts_named = ("serial", "contact")


class JournalBroken(EnrolmentError):
    """The journal cannot be read or written."""

    code = "journal-broken"
    message = N_("The journal of the enrolment, {file}, cannot be used: {reason}.")
    advice = N_("See what is on the token with: lockwright list --login, and keep the file.")
    facts_named = ("file", "reason")


class EnrolmentUndone(EnrolmentError):
    """What was left of an enrolment that was being undone is gone now."""

    code = "enrolment-undone"
    message = N_("The enrolment on the token {serial} was being undone, and is undone now.")
    advice = N_("Begin a new one with: lockwright enroll --ca NAME")
    usual_cost = N_("Nothing of it is left on the token.")
    facts_named = ("serial",)
