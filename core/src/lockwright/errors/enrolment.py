"""Enrolments that wait, that cannot go on, or that stand in the way."""

from __future__ import annotations

from lockwright.errors.base import NOTHING, LockwrightError
from lockwright.errors.ca import KEY_KEPT
from lockwright.i18n import N_

__all__ = [
    "EnrolmentBusy",
    "EnrolmentError",
    "EnrolmentOpen",
    "EnrolmentTooLate",
    "EnrolmentUnclear",
    "EnrolmentUndone",
    "EnrolmentWaits",
    "JournalBroken",
    "KeyLocked",
    "KeyLost",
    "NoEnrolment",
    "NotProved",
    "NotWritten",
    "RenewalUnclear",
    "StorageUnavailable",
    "StoreFailed",
]


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
    """An enrolment for this place was begun and not finished."""

    code = "enrolment-open"
    message = N_("An enrolment with the CA {ca} was begun and not finished ({place}).")
    advice = N_(
        "Continue with: lockwright enroll --resume, or undo it: lockwright enroll --abandon"
    )
    facts_named = ("ca", "place")


class RenewalUnclear(EnrolmentError):
    """Whom to ask for a renewal is not known, or not alone."""

    code = "renewal-unclear"
    message = N_(
        "Which CA of the configuration renews the certificate of {name} is unclear: {cas}."
    )
    advice = N_("Say it with: lockwright renew CONTAINER --ca NAME")
    usual_cost = NOTHING
    facts_named = ("name", "cas")


class EnrolmentBusy(EnrolmentError):
    """Another process works on the enrolment for this place."""

    code = "enrolment-busy"
    message = N_("Another process is working on this enrolment ({place}).")
    advice = N_("Wait until it ends; see its state with: lockwright enroll --status")
    facts_named = ("place",)


class NoEnrolment(EnrolmentError):
    """Nothing was left unfinished for this place."""

    code = "enrolment-none"
    message = N_("No unfinished enrolment is known for {place}.")
    advice = N_("See all of them with: lockwright enroll --status")
    facts_named = ("place",)


class EnrolmentUnclear(EnrolmentError):
    """An earlier version noted a serial number alone, and the enrolment may be another token's."""

    code = "enrolment-unclear"
    message = N_(
        "The unfinished enrolment for {place} may be another token's: an earlier version noted no"
        " more than the serial number, and the new key is not on this token."
    )
    advice = N_(
        "Connect the token that it was begun on; if it is this one, name it with --token and its"
        " URI, in quotes, as lockwright tokens shows it."
    )
    usual_cost = N_("Nothing was changed.")
    facts_named = ("place",)


class EnrolmentTooLate(EnrolmentError):
    """The new certificate is in place, and what is not needed any more is being removed."""

    code = "enrolment-too-late"
    message = N_(
        "The new certificate works, and what is no longer needed is being removed ({place})."
    )
    advice = N_("Finish with: lockwright enroll --resume")
    facts_named = ("place",)


class NotWritten(EnrolmentError):
    """The certificate could not be written, however often it was tried."""

    code = "enrolment-not-written"
    message = N_("The certificate could not be written to {place} in {tries} attempts: {reason}.")
    advice = N_(
        'Call {contact} and say: "The certificate {certificate} of the CA {ca} cannot be'
        ' written to {place}, error {error}." Once the cause is gone, continue with:'
        " lockwright enroll --resume"
    )
    usual_cost = N_("The certificate is kept in the journal, and its key pair is kept, too.")
    facts_named = ("place", "ca", "contact", "certificate", "error", "tries", "reason")


class NotProved(EnrolmentError):
    """The new certificate does not fit what its key signs."""

    code = "enrolment-not-proved"
    message = N_("The new certificate does not match what the new key signs ({place}).")
    advice = N_("Undo it with: lockwright enroll --abandon, and give this message to {contact}.")
    usual_cost = N_("The old certificate is as it was.")
    facts_named = ("place", "contact")


class JournalBroken(EnrolmentError):
    """The journal cannot be read or written."""

    code = "journal-broken"
    message = N_("The journal of the enrolment, {file}, cannot be used: {reason}.")
    advice = N_(
        "See what is on the token with: lockwright list --login. Keep the file; if it is damaged,"
        " move it elsewhere, so that a new enrolment can begin."
    )
    facts_named = ("file", "reason")


class EnrolmentUndone(EnrolmentError):
    """What was left of an enrolment that was being undone is gone now."""

    code = "enrolment-undone"
    message = N_("The enrolment was being undone, and is undone now ({place}).")
    advice = N_("Begin a new one with: lockwright enroll --ca NAME")
    usual_cost = N_("Nothing of it is left.")
    facts_named = ("place",)


class KeyLocked(EnrolmentError):
    """The key that was kept until its certificate comes cannot be opened."""

    code = "enrolment-key-locked"
    message = N_("The password does not open the key that was kept ({place}).")
    advice = N_(
        "Give the password that was chosen when the enrolment was begun; without it, undo it:"
        " lockwright enroll --abandon"
    )
    usual_cost = N_("Nothing was changed.")
    facts_named = ("place",)


class KeyLost(EnrolmentError):
    """The key that a certificate was ordered for is gone."""

    code = "enrolment-key-lost"
    message = N_("The key that the certificate was ordered for is gone ({place}).")
    advice = N_("Undo the enrolment with: lockwright enroll --abandon, and begin a new one.")
    usual_cost = N_("Nothing was changed.")
    facts_named = ("place",)


class StorageUnavailable(EnrolmentError):
    """Certificates cannot be put there on this computer."""

    code = "storage-unavailable"
    message = N_("The storage {storage} cannot be used here: {reason}.")
    advice = N_("See what can be used with: lockwright storages")
    usual_cost = N_("Nothing was changed.")
    facts_named = ("storage", "reason")


class StoreFailed(EnrolmentError):
    """The system's certificate store did not do what it was asked."""

    code = "store-failed"
    message = N_("The system's certificate store {place} refused it: {reason}.")
    advice = N_("Close programs that use the store and try again.")
    usual_cost = N_("Only this enrolment is affected.")
    facts_named = ("place", "reason")
