"""The tables of the configuration file, one function each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import Any

from lockwright.config.authorities import CaSettings, authority
from lockwright.config.desk import DeskSettings, desk
from lockwright.config.table import Table, Wrong
from lockwright.i18n import _
from lockwright.ledger import Limits
from lockwright.models.deadlines import Deadlines
from lockwright.models.plugin_pins import PluginPin
from lockwright.models.settings import Settings
from lockwright.policy import BANK_DEFAULT, PinPolicy
from lockwright.records import dataclass

_WARN_DAYS = 30
_DIGEST = re.compile("sha256:[0-9a-f]{64}")
_FLAG = "refuse_guessable"
_LEAST = {"max_length": 1, "max_bytes": 1, "max_repeated": 1}


@dataclass(frozen=True, slots=True)
class Settled:
    """What a file says, complete with the defaults of what it does not say."""

    allow: tuple[str, ...] | None
    """``[plugins] allow``."""
    require: tuple[str, ...]
    """``[plugins] require``."""
    files: Mapping[str, str]
    """``[plugins.files]``."""
    adapters: Mapping[str, Settings]
    """``[adapters.NAME]``."""
    policy: PinPolicy
    """``[policy]`` over the bank's default."""
    trust: tuple[Path, ...]
    """``[trust] anchors``."""
    imports: bool
    """``[import] allow``."""
    audited: bool
    """``[audit] enabled``."""
    audit: Path | None
    """``[audit] file``."""
    deadlines: Deadlines
    """``[deadlines]``."""
    warn_days: int
    """``[warn] days``."""
    authorities: Mapping[str, CaSettings]
    """``[ca.NAME]``."""
    journal: Path | None
    """``[enrolment] journal``."""
    contact: str
    """``[enrolment] contact``."""
    ledger: Path | None
    """``[respond] ledger``."""
    limits: Limits
    """``[respond]``: how many Requests may be answered."""
    key_uri: str | None
    """``[respond] key_uri``."""
    desk: DeskSettings | None
    """``[desk]``."""
    paste_pins: bool
    """``[window] paste_pins``."""


def settle(content: Mapping[str, object], folder: Path) -> Settled:
    """What a whole file says.

    Args:
        content: the parsed file.
        folder: what relative paths are relative to.

    Raises:
        Wrong: something in it has no meaning.
    """
    file = Table("", content)
    plugins, trust, audit = file.table("plugins"), file.table("trust"), file.table("audit")
    warn, respond = file.table("warn"), file.table("respond")
    enrolment, imports = file.table("enrolment"), file.table("import")
    window = file.table("window")
    days = warn.number("days", 0)
    target, ledger, journal = audit.text("file"), respond.text("ledger"), enrolment.text("journal")
    paths = partial(_path, folder=folder)
    settled = Settled(
        allow=_pins(plugins, "allow"),
        require=_pins(plugins, "require") or (),
        files=_files(plugins.table("files")),
        adapters={name: t.settings() for name, t in file.table("adapters").tables().items()},
        policy=_policy(file.table("policy")),
        trust=tuple(_path(anchor, folder) for anchor in trust.texts("anchors") or ()),
        imports=imports.flag("allow", default=False),
        audited=audit.flag("enabled", default=True),
        audit=None if target is None else _path(target, folder),
        deadlines=_deadlines(file.table("deadlines")),
        warn_days=_WARN_DAYS if days is None else days,
        authorities={name: authority(t, paths) for name, t in file.table("ca").tables().items()},
        journal=None if journal is None else _path(journal, folder),
        contact=enrolment.text("contact") or "",
        ledger=None if ledger is None else _path(ledger, folder),
        limits=_limits(respond),
        key_uri=respond.text("key_uri"),
        desk=desk(file.table("desk"), paths),
        paste_pins=window.flag("paste_pins", default=False),
    )
    for table in (plugins, trust, audit, warn, respond, enrolment, imports, window, file):
        table.done()
    return settled


def _pins(table: Table, key: str) -> tuple[str, ...] | None:
    """Plugins, each named in one of the ways that ``PluginPin`` reads."""
    named = table.texts(key)
    for text in named or ():
        try:
            PluginPin.parse(text)
        except ValueError:
            told = _(
                "[plugins] {key}: {text} is neither NAME nor NAME @ DISTRIBUTION nor"
                " NAME @ DISTRIBUTION==VERSION"
            )
            raise Wrong(told.format(key=key, text=text)) from None
    return named


def _files(table: Table) -> dict[str, str]:
    """Digests by distribution."""
    digests = {name: table.text(name) or "" for name in table.names}
    for name, digest in digests.items():
        if not _DIGEST.fullmatch(digest):
            told = _("[plugins.files] {name} must be sha256: and 64 hexadecimal digits")
            raise Wrong(told.format(name=name))
    return digests


def _policy(table: Table) -> PinPolicy:
    said: dict[str, Any] = {}
    for field in fields(PinPolicy):
        if field.name == _FLAG:
            said[_FLAG] = table.flag(_FLAG, default=BANK_DEFAULT.refuse_guessable)
        elif (number := table.number(field.name, _LEAST.get(field.name, 0))) is not None:
            said[field.name] = number
    table.done()
    policy = replace(BANK_DEFAULT, **said)
    _check_possible(policy)
    return policy


def _check_possible(policy: PinPolicy) -> None:
    """A policy that no PIN can keep is refused here, not when a person has no PIN left to try."""
    if found := policy.contradiction():
        name, most, least = found
        text = _("[policy] no PIN can keep it: {name} is {most}, the other rules need {least}")
        raise Wrong(text.format(name=name, most=most, least=least))


def _deadlines(table: Table) -> Deadlines:
    usual = Deadlines()
    deadlines = Deadlines(
        inspect=table.seconds("inspect", usual.inspect),
        call=table.seconds("call", usual.call),
        whole=table.seconds("whole", usual.whole),
        remove=table.seconds("remove", usual.remove),
        pad=table.seconds("pad", usual.pad),
        generate=table.seconds("generate", usual.generate),
        ca=table.seconds("ca", usual.ca),
        plugin=table.seconds("plugin", usual.plugin),
        response=table.seconds("response", usual.response),
    )
    table.done()
    return deadlines


def _limits(table: Table) -> Limits:
    said = {field.name: table.number(field.name, 1) for field in fields(Limits)}
    return replace(Limits(), **{name: most for name, most in said.items() if most is not None})


def _path(text: str, folder: Path) -> Path:
    try:
        return folder / Path(text).expanduser()
    except RuntimeError as error:
        raise Wrong(_("{path}: the home folder is not known").format(path=text)) from error
