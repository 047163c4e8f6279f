"""What is done to a token itself, before it is done, and whether its keys sign."""

from __future__ import annotations

from enum import StrEnum

from lockwright.models.objects import Certificate, Container
from lockwright.models.plan import Plan
from lockwright.models.token import TokenKey
from lockwright.records import dataclass


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
    unseen: bool = True
    """Whether more is lost than ``lost`` can say: what only a login shows. False of a blank token,
    and of one that asks for no login."""


class Outcome(StrEnum):
    """What came of a trial signature."""

    PROVED = "proved"
    """The key signed some random data, and the certificate, or its public key, fits."""
    FAILED = "failed"
    """The signature does not fit, or no private key of the token belongs to the certificate."""
    REFUSED = "refused"
    """The token did not sign."""
    UNSUPPORTED = "unsupported"
    """Keys of its kind cannot be tried here, or its certificate cannot be read."""


@dataclass(frozen=True, slots=True)
class KeyProof:
    """A private key that was tried, with one of its certificates."""

    container: Container
    """Where it is."""
    certificate: Certificate | None
    """The certificate; None for a key without one."""
    outcome: Outcome
    """What came of it."""
    reason: str = ""
    """Why it is not proved, in the language in use; empty where it is."""
    trusted: bool | None = None
    """Whether the certificate leads to a trusted CA; None where the bank names none, or where there
    is no certificate."""
    distrust: str = ""
    """Why it does not, in the language in use."""
    pss: Outcome | None = None
    """What came of a second signature, by RSA-PSS; None where the token does not offer that, or the
    key is no proved RSA key."""
