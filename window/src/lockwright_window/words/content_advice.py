"""What to do after an error over what is connected or what is on it, without a command line."""

from __future__ import annotations

from collections.abc import Mapping

from lockwright.errors import (
    DeletionStopped,
    PartlyDeleted,
    PlanStale,
    TokenBlank,
    TokenContested,
    TokenUnclaimed,
    TokenUnclear,
)
from lockwright.i18n import N_

_LEFT = N_("What is gone cannot be brought back. What is left is shown in the detailed view.")

ADVICE: Mapping[str, str] = {
    TokenBlank.code: N_(
        "Insert the token that you mean. To use this one, have your bank's IT initialise it."
    ),
    TokenUnclear.code: N_(
        "Ask your bank's IT which module is the vendor's, and who installed the other one."
    ),
    TokenUnclaimed.code: N_("Ask your bank's IT to install the adapter for this model."),
    TokenContested.code: N_("Ask your bank's IT to allow only one of them."),
    PlanStale.code: N_("Choose again what is to be deleted; what goes is shown once more."),
    PartlyDeleted.code: _LEFT,
    DeletionStopped.code: _LEFT,
}
"""By an error's code."""
