"""A change of a token's own PIN rules before it is made."""

from __future__ import annotations

from lockwright.models.token import TokenKey
from lockwright.policy.rules import PinPolicy
from lockwright.records import dataclass


@dataclass(frozen=True, slots=True)
class PolicyPlan:
    """What a token's rules would become, made for one state of one token."""

    serial: str
    """Serial number of the token."""
    before: PinPolicy
    """Its rules now, those only that can be set; the plan is applied to no others."""
    after: PinPolicy
    """Its rules then."""
    token: TokenKey | None = None
    """Which token it is for; it is applied to no other, and to none if this is missing."""

    @property
    def changes(self) -> bool:
        """Whether it changes anything."""
        return self.before != self.after
