"""The audit trail, or the ledger of answered Requests, is not in order."""

from __future__ import annotations

from lockwright.errors.base import LockwrightError
from lockwright.i18n import N_

__all__ = [
    "AnchorUnusable",
    "AuditBroken",
    "AuditBusy",
    "AuditError",
    "AuditUnreadable",
    "AuditUnwritable",
    "LedgerUnusable",
]


class AuditError(LockwrightError):
    """The audit trail is not in order."""

    code = "audit"
    exit_code = 13


class AuditBroken(AuditError):
    """A line of the audit file was changed, dropped or reordered."""

    code = "audit-broken"
    message = N_("The audit file {file} is not intact at line {line}: {reason}.")
    advice = N_("Keep the file as it is and call the person responsible for security.")
    usual_cost = ""
    facts_named = ("file", "line", "reason")


class AuditUnreadable(AuditError):
    """There is no audit file to check, or it cannot be read."""

    code = "audit-unreadable"
    message = N_("The audit file {file} cannot be read: {reason}.")
    advice = N_(
        "If nothing was recorded yet, the first operation makes the file. If it is there, you"
        " need the right to read it. If it was there and is gone, call the person responsible"
        " for security."
    )
    usual_cost = ""
    facts_named = ("file", "reason")


class AuditUnwritable(AuditError):
    """The audit line could not be written, so nothing was begun."""

    code = "audit-unwritable"
    message = N_("The audit file {file} cannot be written: {reason}.")
    advice = N_("Make the file writable, or set audit.file in the configuration.")
    facts_named = ("file", "reason")


class AuditBusy(AuditUnwritable):
    """Another program has locked the audit file for too long."""

    code = "audit-busy"
    message = N_("The audit file {file} was locked by another program for {seconds} s.")
    advice = N_("Find that program with: fuser -v {file}; end it, and do this again.")
    facts_named = ("file", "seconds")


class AnchorUnusable(AuditError):
    """A file that should hold an anchor of a trail holds none that can be believed."""

    code = "anchor-unusable"
    message = N_("The anchor {file} cannot be used: {reason}.")
    advice = N_(
        "Check the file and --anchor-key against the copies that you keep elsewhere. If one of them"
        " differs, call the person responsible for security."
    )
    usual_cost = ""
    facts_named = ("file", "reason")


class LedgerUnusable(AuditError):
    """Whether a Request was answered before cannot be found out or noted, so none is answered."""

    code = "ledger-unusable"
    message = N_("The ledger of answered Requests {file} cannot be used: {reason}.")
    advice = N_("Make the file usable, or set respond.ledger in the configuration.")
    facts_named = ("file", "reason")
