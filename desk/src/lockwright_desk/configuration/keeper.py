"""``[keeper]``: the process that holds the HSM's PIN, and where the desk asks it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lockwright.config.table import Table, Wrong
from lockwright.i18n import _
from lockwright.models.settings import Settings as AdapterSettings

from lockwright_desk.configuration import toml_file
from lockwright_desk.configuration.values import within

_MOST_SESSIONS = 64


@dataclass(frozen=True, slots=True)
class KeeperPlace:
    """Where the desk asks the keeper."""

    socket: Path
    """Its Unix socket."""
    patience: float = 10.0
    """Seconds until an answer is there, or is given up."""


@dataclass(frozen=True, slots=True)
class HsmSettings:
    """The HSM, and the keys in it that are the help desk's."""

    module: Path
    """PKCS#11 module."""
    token: str
    """Label of the token."""
    pin_file: Path
    """File with the user PIN."""
    prefix: str
    """How the labels of its keys begin."""
    softhsm: Path | None
    """Folder of a SoftHSM of the desk's own; None for any other."""
    sessions: int
    """Sessions in which it answers at the same time."""


@dataclass(frozen=True, slots=True)
class KeeperLimits:
    """How often the keeper answers, whoever asks."""

    per_hour: int
    """Requests within 60 minutes."""
    per_day: int
    """Requests within 24 hours."""
    per_token: int
    """Requests for one token within 24 hours."""


@dataclass(frozen=True, slots=True)
class KeeperSettings:
    """All of ``[keeper]``, which only its own account needs to read."""

    place: KeeperPlace
    hsm: HsmSettings
    users: tuple[str, ...]
    """Names or numbers of the accounts that it answers; empty for its own alone."""
    groups: tuple[str, ...]
    """Names or numbers of groups: whoever has one as the first of an account is answered, too."""
    limits: KeeperLimits
    counts: Path
    """SQLite file in which it counts."""
    audit: Path
    """Its own audit file."""
    allow: tuple[str, ...] | None
    """Plugins that may be imported; None for every installed one."""
    adapters: Mapping[str, AdapterSettings]
    """Their tables."""


def place(table: Table, folder: Path) -> KeeperPlace | None:
    """What the desk needs of the table; None where there is none.

    Args:
        table: ``[keeper]``.
        folder: what its paths are relative to.

    Raises:
        Wrong: something in it has no meaning.
    """
    if not table.names:
        return None
    return whole(table, folder).place if "module" in table.names else _place(table, folder)


def load(file: Path) -> KeeperSettings:
    """All of the table, of a configuration that may hold nothing else.

    It is in the file that ``config`` of the table names, where it names one.

    Raises:
        DeskNotReady: there is no file.
        DeskConfigurationBroken: it cannot be read, or says something that has no meaning.
    """
    file = file.absolute()

    def settle(content: Table) -> KeeperSettings:
        table = content.table("keeper")
        if (other := table.text("config")) is None:
            return whole(table, file.parent)
        its_own = file.parent / other
        return toml_file.read(its_own, lambda its: _named(its.table("keeper"), its_own.parent))

    return toml_file.read(file, settle)


def _named(table: Table, folder: Path) -> KeeperSettings:
    """What the file says that ``config`` names; it names no further one, and so not itself."""
    if "config" in table.names:
        raise Wrong(_("[keeper] config names a file that has config itself"))
    return whole(table, folder)


def whole(table: Table, folder: Path) -> KeeperSettings:
    """All of the table.

    Raises:
        Wrong: something in it has no meaning, or is missing.
    """
    if table.text("config") is not None:
        raise Wrong(_("[keeper] has config, so the rest belongs into that file"))
    limits, adapters = table.table("limits"), table.table("adapters")
    allow = table.texts("allow")
    settings = KeeperSettings(
        place=KeeperPlace(
            folder / (table.text("socket") or "keeper.sock"), table.seconds("patience", 10.0)
        ),
        hsm=_hsm(table, folder),
        users=table.texts("users") or (),
        groups=table.texts("groups") or (),
        limits=KeeperLimits(
            per_hour=limits.number("per_hour", 1) or 100,
            per_day=limits.number("per_day", 1) or 500,
            per_token=limits.number("per_token", 1) or 10,
        ),
        counts=folder / (table.text("counts") or "keeper.db"),
        audit=folder / (table.text("audit") or "keeper-audit.jsonl"),
        allow=allow,
        adapters={name: each.settings() for name, each in adapters.tables().items()},
    )
    limits.done()
    table.done()
    return settings


def _place(table: Table, folder: Path) -> KeeperPlace:
    socket, config = table.text("socket"), table.text("config")
    found = KeeperPlace(folder / (socket or "keeper.sock"), table.seconds("patience", 10.0))
    table.done()
    if socket is None and config is None:
        raise Wrong(_("[keeper] says neither socket nor module"))
    return found


def _hsm(table: Table, folder: Path) -> HsmSettings:
    module, token = table.text("module"), table.text("token")
    if module is None or token is None:
        raise Wrong(_("[keeper] module and token are needed"))
    softhsm, sessions = table.text("softhsm"), within(table, "sessions", 8, 1, _MOST_SESSIONS)
    return HsmSettings(
        module=folder / module,
        token=token,
        pin_file=folder / (table.text("pin_file") or "keeper-pin"),
        prefix=table.text("prefix") or "lockwright",
        softhsm=folder / softhsm if softhsm else None,
        sessions=sessions,
    )
