"""Enrolment: by hand, or with a CA from the order to the proved certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockwright import late

if TYPE_CHECKING:
    from lockwright.operations.enrolment import authorities as authorities
    from lockwright.operations.enrolment import by_hand as by_hand
    from lockwright.operations.enrolment import renewals as renewals
    from lockwright.operations.enrolment import storages as storages
    from lockwright.operations.enrolment import with_ca as with_ca

__getattr__ = late.modules(__name__, "authorities", "by_hand", "renewals", "storages", "with_ca")
