"""CMP messages (RFC 9810): protected, and held against what was asked."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime

from lockwright.enrol.ca.cmp_der import (
    bits,
    directory_name,
    explicit,
    integer,
    moment,
    octets,
)
from lockwright.enrol.ca.cmp_orders import CMP_2000, ORDERS
from lockwright.enrol.ca.cmp_protection import Protection, ProtectionWrong
from lockwright.enrol.ca.cmp_reading import (
    ERROR,
    IMPLICIT_CONFIRM,
    PKI_CONF,
    RESPONSES,
    Message,
    taken_apart,
)
from lockwright.i18n import N_
from lockwright.pkcs11.der import NULL, SEQUENCE, encode, oid

_NONCE = 16
_TAG_NUMBER = 0x1F


@dataclass
class Transaction:
    """What all messages of one transaction have in common."""

    sender: bytes
    """Who asks, a Name, DER."""
    recipient: bytes
    """The CA, a Name, DER."""
    protection: Protection
    """What protects it."""
    id: bytes = field(default_factory=lambda: secrets.token_bytes(_NONCE))
    """``transactionID``."""
    ours: bytes = b""
    """Nonce of our last message."""
    theirs: bytes = b""
    """Nonce of the CA's last message; empty before the first."""
    version: int = CMP_2000
    """``pvno`` of the next message."""
    problem: str | None = None
    """What is wrong with the protection of the last answer; None if nothing is. Only a refusal may
    be otherwise."""

    @property
    def authentic(self) -> bool:
        """Whether the last answer was protected as it should be."""
        return self.problem is None

    def message(self, body: bytes) -> bytes:
        """A message with this body, protected, DER."""
        self.ours = secrets.token_bytes(_NONCE)
        header = self._header(body[0] & _TAG_NUMBER)
        protection = self.protection.protect(encode(SEQUENCE, header, body))
        extra = encode(SEQUENCE, *self.protection.extra) if self.protection.extra else b""
        return encode(
            SEQUENCE,
            header,
            body,
            explicit(0, bits(protection)),
            explicit(1, extra) if extra else b"",
        )

    def read(self, der: bytes) -> Message:
        """An answer of this transaction, its protection checked.

        A refusal need not be protected: a CA that does not know the login cannot. Nor need a
        confirmation: it changes nothing, and EJBCA does not protect it.

        Raises:
            ValueError: it is none; the text says why.
        """
        try:
            message = taken_apart(der)
        except ValueError:
            raise ValueError(N_("it is not a CMP message")) from None
        try:
            self._check(message)
        except ProtectionWrong as wrong:
            raise ValueError(str(wrong)) from None
        self.theirs = message.sender_nonce
        return message

    def require_authentic(self) -> None:
        """Refuse an answer that could have been a refusal, but is none, and is not protected.

        Raises:
            ValueError: the last answer was not protected as it should be.
        """
        if self.problem is not None:
            raise ValueError(self.problem)

    def _check(self, message: Message) -> None:
        self.problem = None
        try:
            self._check_protection(message)
            self._check_header(message)
        except ProtectionWrong as wrong:
            self.problem = str(wrong)
            if message.kind not in {ERROR, *RESPONSES}:
                raise

    def _check_protection(self, message: Message) -> None:
        if message.kind != PKI_CONF or message.protection is not None:
            self.protection.check(message)

    def _check_header(self, message: Message) -> None:
        if message.transaction != self.id:
            raise ProtectionWrong(N_("it belongs to another transaction"))
        if message.recip_nonce != self.ours:
            raise ProtectionWrong(N_("it answers another message"))

    def _header(self, kind: int) -> bytes:
        key_id = self.protection.key_id
        confirm = explicit(8, encode(SEQUENCE, encode(SEQUENCE, oid(IMPLICIT_CONFIRM), NULL)))
        return encode(
            SEQUENCE,
            integer(self.version),
            directory_name(self.sender),
            directory_name(self.recipient),
            explicit(0, moment(datetime.now(UTC))),
            explicit(1, self.protection.algorithm()),
            b"" if key_id is None else explicit(2, octets(key_id)),
            explicit(4, octets(self.id)),
            explicit(5, octets(self.ours)),
            explicit(6, octets(self.theirs)) if self.theirs else b"",
            confirm if kind in ORDERS else b"",
        )
