"""What an error cost, where the catalogue's words for it name commands."""

from __future__ import annotations

from collections.abc import Mapping

from lockwright.errors import (
    CERTIFICATE_KEPT,
    GO_ON,
    INITIALISED,
    MAYBE_ISSUED,
    OLD_STAYS,
    ORDER_STAYS,
)
from lockwright.i18n import N_

COSTS: Mapping[str, str] = {
    INITIALISED: N_(
        "The token is initialised and has no user PIN yet. Set one, or initialise it once more."
    ),
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
"""What stands here, by the catalogue's cost; both msgids."""
