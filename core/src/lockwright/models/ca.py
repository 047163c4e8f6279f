"""What is asked of a CA, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from lockwright.records import dataclass


@dataclass(frozen=True, slots=True)
class CaProfile:
    """A CA as the bank configured it (``[ca.NAME]``), its trust already read."""

    name: str
    """Name of its table."""
    kind: str
    """Which client speaks with it: ``est``, ``cmp``, or the name of a plugin's entry point."""
    url: str = ""
    """Where it is."""
    label: str = ""
    """Which of the server's CAs or profiles (RFC 7030, 3.2.2); empty for its only one."""
    anchors: tuple[bytes, ...] = ()
    """Trusted CA certificates that an issued certificate must lead to, DER."""
    server_anchors: tuple[bytes, ...] = ()
    """Trusted CA certificates that the server's own must lead to, DER; empty for ``anchors``."""
    system_trust: bool = False
    """Whether the CAs that the system trusts may vouch for the server, too."""
    key_type: str | None = None
    """Key type that the bank set, such as ``rsa:2048``."""
    subject: str | None = None
    """Subject that the bank set (RFC 4514), where ``{login}`` stands for the login."""
    contact: str = ""
    """Whom a person calls if it does not work; empty if the bank named nobody."""
    deadline: float = 60
    """Seconds that one exchange with the server may take."""
    settings: Mapping[str, str | int | bool | list[str]] = field(default_factory=dict)
    """Further keys of the table, for the client."""


@dataclass(frozen=True, slots=True)
class CaRequirements:
    """What a CA asks for, known before a key is made."""

    login: bool = True
    """Whether it wants a login and a one-time password for a first certificate."""
    renewal_login: bool = True
    """Whether it wants them for a renewal, too; otherwise the old key signs it."""
    key_type: str | None = None
    """Key type that it dictates; None if it does not."""
    subject: str | None = None
    """Subject that it dictates (RFC 4514), where a value that it leaves open is empty, as in
    ``CN=,O=Bank``; None if it does not."""
    key_types: tuple[str, ...] = ()
    """Key types that it leaves the choice of; empty where it dictates one, or none."""
    passed_over: str = ""
    """Why its wishes, or some of them, could not be read, for a person; empty if they could."""


@dataclass(frozen=True, slots=True)
class CaOrder:
    """A certificate that is ordered; the same order is sent again after an interruption."""

    request: bytes
    """PKCS#10 request (RFC 2986), DER, signed by the new key."""
    login: str | None = None
    """Login that the bank gave; None if the CA asks for none."""
    renews: bytes | None = None
    """The certificate to be renewed, DER; None for a first one."""
    patience: float | None = None
    """Seconds that the person waits for a decision, and a client may wait on its connection; None
    for the deadline of an exchange."""


@dataclass(frozen=True, slots=True)
class Issued:
    """The CA issued a certificate."""

    certificate: bytes
    """The certificate, DER; the core checks its key and its chain."""
    chain: tuple[bytes, ...] = ()
    """Certificates of CAs that came with it, DER, in no order."""


@dataclass(frozen=True, slots=True)
class Pending:
    """The CA has not decided yet; the same order is to be asked about again."""

    not_before: datetime
    """When to ask, UTC; not earlier."""
    text: str = ""
    """What the CA says to a person; may be empty."""
    handle: str = ""
    """What the client needs to ask again, in its own form; nothing secret, it is kept on disk."""
    issued: bool = False
    """Whether the certificate is issued and in ``handle``, and the CA only has to be told that it
    is taken."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The CA refused: the same order would be refused again."""

    text: str
    """What the CA says to a person; may be empty."""
    final: bool = True
    """Whether it is the answer to the sending itself; False where the CA had taken the order
    before, so that it may have issued. Of an order that was sent before, no answer is final."""


CaAnswer = Issued | Pending | Refused
"""What comes of an order."""
