"""The ways in which a token gets a new PIN, or is unblocked with the one that it has."""

from __future__ import annotations

from lockwright.errors.pins import PUK, SO_PIN
from lockwright.i18n import N_, _
from lockwright.models import Token, UnblockWay
from lockwright.records import dataclass

_WORDS = {
    (UnblockWay.CHALLENGE, False): N_("With the bank's help: Request and Response"),
    (UnblockWay.SO_PIN, False): N_("With the administrator's PIN"),
    (UnblockWay.PUK, False): N_("With the PUK"),
    (UnblockWay.CHALLENGE, True): N_("Keep the PIN and only unlock it, with the bank's help"),
    (UnblockWay.SO_PIN, True): N_("Keep the PIN and only unlock it, with the administrator's PIN"),
    (UnblockWay.PUK, True): N_("Keep the PIN and only unlock it, with the PUK"),
}
_ROLES = {UnblockWay.SO_PIN: SO_PIN, UnblockWay.PUK: PUK}


@dataclass(frozen=True, slots=True)
class Way:
    """One of them."""

    way: UnblockWay
    keeps_pin: bool
    """Whether the PIN stays as it is, and is only unlocked."""

    @property
    def role(self) -> str | None:
        """The secret that is asked for, as ``lockwright.errors.pins`` calls it; None for none."""
        return _ROLES.get(self.way)

    def words(self) -> str:
        """What a person chooses, in the language in use."""
        return _(_WORDS[self.way, self.keeps_pin])


def ways(token: Token) -> tuple[Way, ...]:
    """Every way that a token offers, the usual one first."""
    can = token.state.capabilities
    offered = {False: can.unblock_sets_pin, True: can.unblock_keeps_pin}
    return tuple(Way(way, keeps) for way, keeps in _WORDS if way in offered[keeps])
