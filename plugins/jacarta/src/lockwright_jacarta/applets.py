"""What the applets do each in its own way, and which module of this package is a token's."""

from __future__ import annotations

from typing import Protocol

from lockwright.models import Token, TokenState, UnblockWay
from lockwright.pkcs11.session import Module, Session
from lockwright.policy import PinPolicy
from lockwright.secret import Secret

from lockwright_jacarta import gost2_applet, pki_applet, pro_applet
from lockwright_jacarta.tokens import Applet


class AppletModule(Protocol):
    """A module of this package that knows one applet; it raises ``CkrError`` as it comes."""

    RESPONSE_LENGTH: int | None
    """Bytes of a Response; None where it is not public."""

    def state(self, module: Module, slot: int, plain: TokenState, /) -> TokenState:
        """The state that PKCS#11 tells, completed."""

    def policy(self, module: Module, slot: int, /) -> PinPolicy:
        """The applet's rules for a user PIN."""

    def unblock(
        self,
        module: Module,
        token: Token,
        way: UnblockWay,
        secret: Secret,
        new_pin: Secret | None,
        /,
    ) -> None:
        """Unblock with a secret that is at hand."""

    def challenge(self, module: Module, slot: int, /) -> bytes:
        """Make a Request."""

    def complete(
        self,
        module: Module,
        session: Session,
        slot: int,
        response: Secret,
        new_pin: Secret | None,
        /,
    ) -> None:
        """Give the Response to the token, in the session that was open since the Request."""

    def admin_tries(self, module: Module, slot: int, /) -> int | None:
        """Tries left of the administrator; None if unknown."""

    def unblocks_left(self, module: Module, slot: int, /) -> int | None:
        """Unblocks left of the user PIN; None if unknown or without a limit."""


_MODULES: dict[Applet, AppletModule] = {
    Applet.PKI: pki_applet,
    Applet.PRO: pro_applet,
    Applet.GOST2: gost2_applet,
}


def applet_of(token: Token) -> AppletModule:
    """The module that knows a token, which ``lockwright_match`` claimed."""
    return _MODULES[Applet(token.identity.model)]
