"""``[siem]``: the bank's collector of logs, and how the audit trail is told to it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path

from lockwright.config.table import Table, Wrong
from lockwright.i18n import _

from lockwright_desk.configuration import toml_file
from lockwright_desk.configuration.values import LAST_PORT, one_of, within

EXAMPLE_ENTERPRISE = 32473
"""Enterprise number that RFC 5612 keeps for examples; nobody's products are told apart by it."""
_LARGEST_NUMBER = 2**32 - 1
_LONGEST_NAME = 48
"""Characters of RFC 5424's APP-NAME."""


class Protocol(StrEnum):
    """How records travel."""

    SYSLOG = "syslog"
    """RFC 5425: TLS, octet counting, no answers."""
    RELP = "relp"
    """Each record is answered."""


class Body(StrEnum):
    """How a record is written."""

    JSON = "json"
    CEF = "cef"


_PORTS = {Protocol.SYSLOG: 6514, Protocol.RELP: 2514}
"""RFC 5425, 4.1; RELP has none of its own, 2514 is that of rsyslog's examples."""


@dataclass(frozen=True, slots=True)
class SiemSettings:
    """``[siem]``."""

    host: str
    """Where the collector is."""
    port: int
    protocol: Protocol = Protocol.SYSLOG
    tls: bool = True
    name: str = ""
    """The name that its certificate has to be for."""
    ca: Path | None = None
    """PEM, the CAs that its certificate has to be of; None for those of the system."""
    certificate: Path | None = None
    """PEM, the certificate that the desk shows, with its chain."""
    key: Path | None = None
    """PEM, the key of that certificate."""
    body: Body = Body.JSON
    app_name: str = "lockwright-desk"
    """RFC 5424's APP-NAME."""
    enterprise: int = EXAMPLE_ENTERPRISE
    """Private enterprise number in the name of the structured data."""
    cursor: Path = Path("siem.cursor")
    """The file that says up to where records are at the collector."""
    put_away: Path = Path("trails")
    """The folder with trails that were put away."""
    settled: float = 5.0
    """Seconds after a receipt in which a collector that breaks off gets records again."""
    receipt: float = 30.0
    """Seconds after which a receipt is asked for at the latest."""


def read(table: Table, folder: Path) -> SiemSettings | None:
    """``[siem]``.

    Args:
        table: the table.
        folder: what relative paths are relative to.

    Returns:
        The settings; None if there is no such table.

    Raises:
        Wrong: something in it has no meaning.
    """
    if not table.names:
        return None
    usual = SiemSettings("", 0)
    host, protocol = table.text("host"), Protocol(one_of(table, "protocol", list(Protocol)))
    ca, certificate, key = (
        table.text(each) for each in ("ca_file", "certificate_file", "key_file")
    )
    settings = SiemSettings(
        host=host or "",
        port=within(table, "port", _PORTS[protocol], 1, LAST_PORT),
        protocol=protocol,
        tls=table.flag("tls", default=True),
        name=table.text("name") or host or "",
        ca=folder / ca if ca else None,
        certificate=folder / certificate if certificate else None,
        key=folder / key if key else None,
        body=Body(one_of(table, "body", list(Body))),
        app_name=_app_name(table.text("app_name") or usual.app_name),
        enterprise=within(table, "enterprise", usual.enterprise, 1, _LARGEST_NUMBER),
        cursor=folder / (table.text("cursor_file") or usual.cursor),
        put_away=folder / (table.text("put_away") or usual.put_away),
        settled=table.seconds("settled_seconds", usual.settled),
        receipt=table.seconds("receipt_seconds", usual.receipt),
    )
    table.done()
    if host is None:
        raise Wrong(_("[siem] host is missing"))
    if (certificate is None) != (key is None):
        raise Wrong(_("[siem] certificate_file and key_file belong together"))
    if not settings.tls and not (protocol is Protocol.RELP and _is_this_computer(host)):
        raise Wrong(_("[siem] tls = false is for RELP to this computer alone, such as 127.0.0.1"))
    return settings


def load(file: Path) -> tuple[SiemSettings | None, Path]:
    """The table and the audit file, of a configuration that may hold nothing else.

    So the trail of another account, such as the keeper's, is sent by a file and an account of its
    own.

    Raises:
        DeskNotReady: there is no file.
        DeskConfigurationBroken: it cannot be read, or says something that has no meaning.
    """
    file = file.absolute()

    def settle(content: Table) -> tuple[SiemSettings | None, Path]:
        audit = content.table("audit").text("file") or "audit.jsonl"
        return read(content.table("siem"), file.parent), file.parent / audit

    return toml_file.read(file, settle)


def _app_name(text: str) -> str:
    if len(text) > _LONGEST_NAME or not text.isascii() or not text.isprintable() or " " in text:
        said = _("[siem] app_name is to have at most {most} letters of ASCII without spaces")
        raise Wrong(said.format(most=_LONGEST_NAME))
    return text


def _is_this_computer(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
