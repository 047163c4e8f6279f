"""What to do after an error, for people who have no command line.

The catalogue's advice names commands and options in places, which are no use here: what can happen
in the window is told another way, and of the rest the bank's support knows more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from lockwright import errors
from lockwright.console.clean import clean
from lockwright.errors import LockwrightError, enrolment
from lockwright.explain import explain
from lockwright.i18n import N_, _
from lockwright.records import dataclass

from lockwright_window.words.costs import COSTS

_TYPED = re.compile(
    r"\blockwright [a-z{]|--[a-z]|Ctrl-C|\[[a-z.A-Z]+\]"
    r"|\b[a-z]+(?:\.\{[a-z]+\})?\.[a-z]+\b|\b[A-Z]+_[A-Z]+\b"
    r"|\b(?:chmod|fuser|openssl|pcscd)\b"
)
"""A command, an option, a key of a terminal, a setting, or a variable of the environment."""
_SUPPORT = N_("Tell your bank's support what stands here, and the code below.")
_STRANGER = N_(
    "Do not continue: somebody may be between you and the bank. Tell your bank's support what"
    " stands here, and the code below."
)
_LATER = N_("Try again later: what was begun is kept, and is offered to you here.")
_SEE = N_("See what is on the token in the detailed view.")
_NOW = N_("See how the token is now in the window.")
_GONE = N_("What is gone cannot be brought back. See what is left in the detailed view.")
_TELL = N_("Tell your bank's support, then try again.")
_RULES = N_("Choose another PIN that keeps the rules.")
_UNDO = N_("Undo what was begun, as is offered to you here, and begin anew.")
_LAST = N_(
    "If you are not quite sure of it, do not try: a wrong one locks it. Set a new PIN instead, with"
    " the bank's help."
)

OWN: Mapping[str, str] = {
    errors.NoToken.advice: N_("Insert the token. If it is inserted, tell your bank's support."),
    errors.PinLocked.advice: N_("Set a new PIN, with the bank's help."),
    errors.PinNotSet.advice: N_("Set a PIN, with the bank's help."),
    errors.PinExpired.advice: N_("Change the PIN."),
    errors.PinRefused.advice: _RULES,
    errors.PinRefusedByToken.advice: _RULES,
    errors.PasswordRefused.advice: N_("Choose another password that keeps the rules."),
    errors.LastTry.advice: _LAST,
    errors.RequestGivenUp.advice: N_("When the bank can be reached, make a new Request."),
    errors.TokenWaits.advice: N_(
        "Finish or cancel it there; then this window shows the token again by itself. Until then it"
        " leaves alone all tokens that use the same software, so that the Request stays good."
    ),
    errors.Stopped.advice: _NOW,
    errors.Interrupted.advice: _NOW,
    errors.DeletionStopped.advice: _GONE,
    errors.PartlyDeleted.advice: _GONE,
    errors.TokenFull.advice: N_("Clean the token: remove a container that you no longer need."),
    errors.TokenWriteProtected.advice: N_("Ask whoever issued it to change it."),
    errors.TokenBlank.advice: N_("Insert the token that you mean."),
    errors.KeyMissing.advice: _SEE,
    errors.KeyUnclear.advice: _SEE,
    errors.NothingSelected.advice: _SEE,
    errors.CertificateAlreadyStored.advice: N_("Nothing is left to do."),
    errors.ModuleHung.advice: N_("Pull the token out, insert it again, and try again."),
    errors.CaUnreachable.advice: N_(
        "Check the network and try again. If it stays so, tell your bank's support."
    ),
    errors.CaNameMismatch.advice: _STRANGER,
    errors.CaServerUntrusted.advice: _STRANGER,
    errors.CaGatewayFailed.advice: _TELL,
    errors.CaGatewayFailed.at_first: _TELL,
    errors.CaSilent.advice: _LATER,
    errors.CaFailed.advice: _LATER,
    errors.CaBroke.advice: _LATER,
    errors.CaForgot.advice: _LATER,
    errors.CaTooMany.advice: N_("Wait as long as it says, then go on: what was begun is kept."),
    errors.EnrolmentWaits.advice: N_("Go on then: what was begun is kept, and is offered here."),
    errors.EnrolmentOpen.advice: N_("Go on with it, or undo it, as is offered to you here."),
    errors.EnrolmentBusy.advice: N_("Wait until it ends, and try again."),
    errors.EnrolmentTooLate.advice: N_("Go on with it, as is offered to you here."),
    errors.EnrolmentUndone.advice: N_("Begin a new one."),
    enrolment.KeyLocked.advice: N_(
        "Give the password that was chosen when it was begun; without it, undo what was begun."
    ),
    enrolment.KeyLost.advice: _UNDO,
    enrolment.NotProved.advice: N_("Undo what was begun, and give this message to {contact}."),
    enrolment.NotWritten.advice: N_(
        'Call {contact} and say: "The certificate {certificate} of the CA {ca} cannot be written to'
        ' {place}, error {error}." Once the cause is gone, go on here: what was begun is kept.'
    ),
}
"""What stands here, by the catalogue's advice; both msgids."""


@dataclass(frozen=True, slots=True)
class Told:
    """An error as the window shows it."""

    message: str
    """What happened."""
    details: tuple[str, ...]
    """Single points of the message."""
    cost: str
    """What it cost; empty if the message says it."""
    advice: str
    """What to do next; empty if nothing can be done."""
    code: str
    """Stable name, for whoever is called about it."""

    @property
    def in_full(self) -> str:
        """What happened, each point of it in a line of its own."""
        return clean(self.message) + "".join(f"\n  • {clean(each)}" for each in self.details)

    @property
    def line(self) -> str:
        """All of it in one paragraph, safe to show; with the code where somebody is told of it."""
        code = _("Code for the bank's support: {code}").format(code=self.code)
        needs_code = self.advice in {_(_SUPPORT), _(_STRANGER)}
        parts = (self.message, self.cost, self.advice, code if needs_code else "")
        return clean(" ".join(filter(None, parts)))


def told(error: Exception) -> Told:
    """An error of any kind in the language in use.

    Args:
        error: what was raised.
    """
    if not isinstance(error, LockwrightError):
        message = _("Something went wrong inside lockwright ({kind}).")
        return Told(
            message.format(kind=type(error).__name__),
            (),
            "",
            _("Close the window and try again. If it comes again, tell your bank's support."),
            LockwrightError.code,
        )
    found = explain(error, advised)
    cost = _(COSTS.get(error.cost, error.cost))
    return Told(found.message, found.details, cost, found.advice, found.code)


def advised(advice: str) -> str:
    """What to do next in the window.

    Args:
        advice: what the catalogue says, a msgid.

    Returns:
        The msgid of what stands here.
    """
    own = OWN.get(advice)
    if own is None and _TYPED.search(advice):
        return _SUPPORT
    return own or advice
