"""What a person has said so far of the certificate that they want."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lockwright.models import CaProfile, CaRequirements, StorageKind, Token
from lockwright.secret import Secret


@dataclass
class Order:
    """An order that is being written."""

    ca: CaProfile | None = None
    """The CA; None before it is known."""
    wishes: CaRequirements | None = None
    """What it asks for; None before it was asked."""
    login: str = ""
    """Login that the bank gave; it stays for another try."""
    password: Secret | None = None
    """One-time password that the bank gave; it is typed again for another try."""
    kind: StorageKind = StorageKind.TOKEN
    """Where the certificate is to go."""
    token: Token | None = None
    """The token that it is to go to; None for another place, or before it is chosen."""
    file: Path | None = None
    """The file that it is to go to."""
    tries: int = 0
    """How often it failed."""

    @property
    def login_wanted(self) -> bool:
        """Whether the CA asks for a login and a one-time password."""
        return self.wishes is None or self.wishes.login

    def wipe(self) -> None:
        """Forget what is secret."""
        if self.password is not None:
            self.password.wipe()
            self.password = None
