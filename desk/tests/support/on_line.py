"""A client's window on the line, without its program."""

from __future__ import annotations

from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from help_desk import Bench, new_request
from lockwright.line import sealed
from lockwright.spoken import request_check
from lockwright_desk.helpdesk.over_line.asked import Asked
from lockwright_desk.helpdesk.over_line.strangers import Look, Opened, Strangers
from lockwright_desk.helpdesk.views import CaseSeen
from lockwright_desk.signin.roles import Who
from lockwright_desk.store.tables.register import Token
from sqlalchemy import select

ADDRESS = "192.0.2.7"


@dataclass
class Window:
    """A window that waits."""

    bench: Bench
    serial: str
    model: str
    address: str = ADDRESS
    request: bytes = field(default_factory=new_request)
    key: X25519PrivateKey = field(default_factory=X25519PrivateKey.generate)

    @classmethod
    def of(cls, bench: Bench, token: int, address: str = ADDRESS) -> Window:
        """One of a token of the register."""
        with bench.database.reading() as session:
            row = session.scalars(select(Token).where(Token.id == token)).one()
        return cls(bench, row.serial, row.model, address)

    @property
    def strangers(self) -> Strangers:
        """What it asks."""
        return Strangers(self.bench.parts())

    def opens(self, *, seconds: int = 900) -> Opened:
        """Send the Request."""
        public = self.key.public_key().public_bytes_raw()
        asked = Asked("jacarta", self.model, self.serial, self.request, public, seconds)
        self.opened = self.strangers.open(asked, self.address)
        return self.opened

    def looks(self) -> Look:
        """Ask how it stands."""
        return self.strangers.look(self.opened.secret, noted=True)

    def reads(self, look: Look) -> str:
        """Open the Response."""
        info = sealed.about(look.number, self.serial, self.request, look.by or "")
        with sealed.unseal(self.key, info, look.sealed or b"") as plain:
            return plain.reveal_text()

    @property
    def words(self) -> str:
        """What its screen shows."""
        return request_check(self.serial, self.request).words("ru")


def ready(bench: Bench, window: Window, who: Who) -> CaseSeen:
    """A case over the line that may be answered."""
    case = bench.desk.take_line(who, window.opened.number)
    case = bench.desk.verify(who, case.at, "call-back")
    case = bench.desk.hear_words(who, case.at, window.words)
    return bench.desk.give_grounds(who, case.at, "забыл PIN", "INC-4711")
