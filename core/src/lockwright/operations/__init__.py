"""One file an operation, as the runner performs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockwright import late

if TYPE_CHECKING:
    from lockwright.operations import arrivals as arrivals
    from lockwright.operations import care as care
    from lockwright.operations import certificates as certificates
    from lockwright.operations import deletion as deletion
    from lockwright.operations import enrolment as enrolment
    from lockwright.operations import guard as guard
    from lockwright.operations import listing as listing
    from lockwright.operations import over_line as over_line
    from lockwright.operations import pins as pins
    from lockwright.operations import plans as plans
    from lockwright.operations import remote as remote
    from lockwright.operations import signing as signing
    from lockwright.operations import token_policy as token_policy

__getattr__ = late.modules(
    __name__,
    "arrivals",
    "care",
    "certificates",
    "deletion",
    "enrolment",
    "guard",
    "listing",
    "over_line",
    "pins",
    "plans",
    "remote",
    "signing",
    "token_policy",
)
