"""The PIN policy: the bank's rules and the token's, and PINs that are guessed first."""

from __future__ import annotations

from lockwright.policy.change import PolicyPlan
from lockwright.policy.rules import BANK_DEFAULT, BrokenRule, PinPolicy, Rule

__all__ = ["BANK_DEFAULT", "BrokenRule", "PinPolicy", "PolicyPlan", "Rule"]
