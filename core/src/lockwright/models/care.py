"""What is done to a token itself, before it is done."""

from __future__ import annotations

from dataclasses import dataclass

from lockwright.models.plan import Plan
from lockwright.models.token import TokenKey


@dataclass(frozen=True, slots=True)
class InitPlan:
    """What initialising a token would do, made for one state of one token."""

    serial: str
    """Serial number of the token as it is; a token may get another."""
    token: TokenKey
    """Which token it is for; it is applied to no other."""
    label: str
    """The label that it would get."""
    lost: Plan | None
    """What anyone can see of what would be lost; None of a blank token, which holds nothing.
    What only a login shows is lost, too."""
    new_so_pin: bool
    """Whether it has no SO PIN yet, so that the one that is given is its first."""
    cut_short: bool
    """Whether it is initialised and has no user PIN, as an initialisation that was cut short leaves
    it; the next one mends that."""
