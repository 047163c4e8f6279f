"""What to do after an error of an enrolment, and what it cost, where the catalogue names commands.

An enrolment that was left unfinished is offered by the window itself, above the tokens.
"""

from __future__ import annotations

from collections.abc import Mapping

from lockwright.errors import (
    CERTIFICATE_KEPT,
    GO_ON,
    MAYBE_ISSUED,
    OLD_STAYS,
    ORDER_STAYS,
    CaAnswerBroken,
    CaBroke,
    CaConflict,
    CaFailed,
    CaForgot,
    CaGatewayFailed,
    CaRenewalRefused,
    CaSilent,
    CaTooMany,
    CaUnknown,
    CaUnreachable,
    EnrolmentBusy,
    EnrolmentOpen,
    EnrolmentTooLate,
    EnrolmentUnclear,
    EnrolmentUndone,
    EnrolmentWaits,
    JournalBroken,
    KeyLocked,
    KeyLost,
    NoEnrolment,
    NotProved,
    NotWritten,
    RenewalUnclear,
    SeveralCertificates,
    StorageUnavailable,
)
from lockwright.i18n import N_

_GO_ON = N_("Go on with it, or undo it: the window offers both above the tokens.")

ADVICE: Mapping[str, str] = {
    CaUnreachable.code: N_(
        "Check the network and try again. If it stays so, tell your bank's IT: the address of the"
        " CA is in the configuration."
    ),
    CaGatewayFailed.code: N_("Tell your bank's IT; then try again."),
    CaSilent.code: N_("Try again later."),
    CaBroke.code: N_("Try again."),
    CaAnswerBroken.code: N_("Tell your bank's IT; then try again."),
    CaRenewalRefused.code: N_(
        "Tell your bank's IT, or get a new certificate instead. The one-time password may be used"
        " up."
    ),
    CaTooMany.code: N_("Wait as long as it says, and try again."),
    CaFailed.code: N_("Try again later."),
    CaForgot.code: N_("Try again."),
    CaConflict.code: N_("Tell your bank's IT: the configuration does not go with the CA."),
    CaUnknown.code: N_("Tell your bank's IT: the configuration has to name the CA."),
    EnrolmentWaits.code: N_(
        "You may close the window and take the token out. Go on later: the window offers it above"
        " the tokens."
    ),
    EnrolmentOpen.code: _GO_ON,
    EnrolmentBusy.code: N_("Wait until it ends, in another window perhaps, and try again."),
    NoEnrolment.code: N_("Nothing is left to do here."),
    EnrolmentUnclear.code: N_("Insert the token that it was begun on, or ask your bank's IT."),
    EnrolmentTooLate.code: N_("Go on with it; it cannot be undone any more."),
    NotWritten.code: N_(
        'Call {contact} and say: "The certificate {certificate} of the CA {ca} cannot be'
        ' written to {place}, error {error}." Once the cause is gone, go on: the window offers it'
        " above the tokens."
    ),
    NotProved.code: N_(
        "Undo it, which the window offers above the tokens, and give this message to {contact}."
    ),
    JournalBroken.code: N_("Tell your bank's IT, and keep the file."),
    EnrolmentUndone.code: N_("You can get a new certificate now."),
    KeyLocked.code: N_(
        "Give the password that was chosen when it was begun; without it, undo it and begin anew."
    ),
    KeyLost.code: N_("Undo it, which the window offers above the tokens, and begin anew."),
    RenewalUnclear.code: N_("Ask your bank which CA renews it."),
    SeveralCertificates.code: N_("Choose one of them."),
    StorageUnavailable.code: N_("Choose another place for the certificate."),
}
"""By an error's code."""

COSTS: Mapping[str, str] = {
    GO_ON: N_("What was begun is kept. Go on with it, or undo it: the window offers both."),
    MAYBE_ISSUED: N_(
        "The new key pair is kept, since the order went out before and the CA may have issued a"
        " certificate. Go on with it, or undo it: the window offers both."
    ),
    CERTIFICATE_KEPT: N_(
        "The certificate that the CA issued is kept, and its key pair is kept, too. Once the cause"
        " is gone, go on with it, or undo it: the window offers both."
    ),
    ORDER_STAYS: N_(
        "The order stays with the CA, and the new key pair is kept. Go on with it, or undo it: the"
        " window offers both."
    ),
    OLD_STAYS: N_(
        "The new certificate is in its place and works; what is left of the old container can be"
        " deleted."
    ),
}
"""By the catalogue's own words for a cost."""
