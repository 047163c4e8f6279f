"""``[ca.NAME]``: the CAs that certificates may be ordered from."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import field
from pathlib import Path

from lockwright.config.table import Table, Wrong
from lockwright.i18n import _
from lockwright.models.settings import Settings
from lockwright.records import dataclass

_EST, _CMP = "est", "cmp"
OFFLINE = "offline"
"""Kind of a CA that a person carries requests to and certificates from."""
SYSTEM = "system"
"""Stands in ``server_trust`` for the CAs that the system trusts."""
BY_BASIC = frozenset({_EST})
"""Kinds whose client sends a login by HTTP Basic."""
FURTHER: Mapping[str, tuple[str, ...]] = {
    _EST: ("renewal", "renewal_info"),
    _CMP: ("recipient", "plain_http", "mac", "iterations", "request"),
    OFFLINE: (),
}
"""Keys of their own that core's kinds have; a plugin's kind may have any."""

_PLACE = re.compile(r"/?[\w.~-]+(/[\w.~-]+)*", re.ASCII)
"""What ``renewal_info`` may be: a path without anything that would have to be escaped."""

EST_RENEWALS = ("simplereenroll", "simpleenroll")
"""What ``renewal`` may be: the operation that a renewal is sent to."""
CMP_MACS = ("pbm", "pbm-sha1", "pbmac1")
"""What ``mac`` may be: how messages are protected by the password."""
CMP_REQUESTS = ("p10cr", "ir", "cr")
"""What ``request`` may be: how a first certificate is ordered."""
CMP_ITERATIONS = range(100, 1_000_001)
"""What ``iterations`` may be (RFC 4211, 4.4, for the least)."""


@dataclass(frozen=True, slots=True)
class CaSettings:
    """One CA."""

    kind: str = _EST
    """Which client speaks with it: `est`, `cmp`, `offline`, or the name of a plugin."""
    url: str = ""
    """Its address, `https://...`; of an EST server with the profile at its end or without."""
    label: str = ""
    """Which of the server's CAs or profiles, where it has several and the address names none."""
    trust: tuple[Path, ...] = ()
    """Files with the CA certificates that issued ones must chain to; by default
    `[trust] anchors`."""
    server_trust: tuple[Path, ...] = ()
    """Files with the CA certificates that may vouch for the server, and `system` for those of the
    system; by default `trust`."""
    system_trust: bool = False
    """Whether the system's trusted CAs may vouch for the server."""
    key_type: str | None = None
    """Key type to make, such as `rsa:2048`; by default the token's first one."""
    subject: str | None = None
    """Subject to ask for, where `{login}` stands for the login, as in `CN={login},O=Bank`."""
    contact: str | None = None
    """Whom to call if it does not work; by default `[enrolment] contact`."""
    further: Settings = field(default_factory=dict)
    """Further keys, for the client."""


def authority(table: Table, path: Callable[[str], Path]) -> CaSettings:
    """What a table says.

    Args:
        table: the table.
        path: makes a path of a text.

    Raises:
        Wrong: something in it has no meaning.
    """
    kind = table.text("kind") or _EST
    server_trust = table.texts("server_trust") or ()
    made = CaSettings(
        kind=kind,
        url=table.text("url") or "",
        label=table.text("label") or "",
        trust=tuple(map(path, table.texts("trust") or ())),
        server_trust=tuple(path(each) for each in server_trust if each != SYSTEM),
        system_trust=SYSTEM in server_trust,
        key_type=table.text("key_type"),
        subject=table.text("subject"),
        contact=table.text("contact"),
        further=table.settings(FURTHER.get(kind)),
    )
    table.done()
    if kind == _EST:
        _check_est(table.name, made.further)
    if kind == _CMP:
        _check_cmp(table.name, made.further)
    if kind in FURTHER and kind != OFFLINE and not made.url:
        raise Wrong(_("[{table}] url is missing").format(table=table.name))
    return made


def _check_est(table: str, further: Settings) -> None:
    """Refuse what the client for EST would not know."""
    _check_choice(table, further, "renewal", EST_RENEWALS)
    place = further.get("renewal_info", "renewal-info")
    if not isinstance(place, str) or not _PLACE.fullmatch(place):
        text = _(
            "[{table}] renewal_info must be an operation of EST such as renewal-info, or a path"
            " such as /acme/renewal-info"
        )
        raise Wrong(text.format(table=table))


def _check_cmp(table: str, further: Settings) -> None:
    """Refuse what the client for CMP would not know."""
    _check_choice(table, further, "mac", CMP_MACS)
    _check_choice(table, further, "request", CMP_REQUESTS)
    count = further.get("iterations", CMP_ITERATIONS.start)
    if type(count) is not int or count not in CMP_ITERATIONS:
        text = _("[{table}] {key} must be a whole number from {least} to {most}")
        bounds = {"least": CMP_ITERATIONS.start, "most": CMP_ITERATIONS.stop - 1}
        raise Wrong(text.format(table=table, key="iterations", **bounds))


def _check_choice(table: str, further: Settings, key: str, allowed: tuple[str, ...]) -> None:
    if key in further and further[key] not in allowed:
        text = _("[{table}] {key} must be one of {allowed}")
        raise Wrong(text.format(table=table, key=key, allowed=", ".join(allowed)))
