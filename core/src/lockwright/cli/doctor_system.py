"""What modules need of the system: a file for this processor, a service, rights to their files."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

from lockwright.cli.doctor_membership import remedy
from lockwright.cli.invocation import Invocation
from lockwright.console.finding import Check, Status
from lockwright.errors import LockwrightError, ModuleNotLoadable, reason_of
from lockwright.files.built_for import built_for, this_python
from lockwright.i18n import _

_PCSC_NAMED = "PCSCLITE_CSOCK_NAME"
"""Where pcsc-lite's clients look for another socket than the usual one (its ``winscard_msg.c``)."""
_PCSC_USUAL = (Path("/run/pcscd/pcscd.comm"), Path("/var/run/pcscd/pcscd.comm"))
_PATIENCE = 2.0
"""Seconds for the service to take a connection; systemd may start it for that."""


def of_the_file(path: Path) -> Check | None:
    """Why a module's file cannot be loaded by this Python; None where its header tells no reason.

    Args:
        path: the module.
    """
    try:
        built, own = built_for(path), this_python()
    except OSError:
        return None
    if not own or built & own:
        return None
    if not built:
        said = _("{path} is no library: its header is none of Linux, Windows or macOS.")
        return Check(
            "module",
            Status.FAIL,
            said.format(path=path),
            _("Name the library itself, not its installer or a link that was copied as text."),
            ModuleNotLoadable.exit_code,
        )
    said = _("Module {path} was built for {built}; this Python was built for {own}.")
    advice = _("Install the vendor's driver for {own}, or lockwright in a Python for {built}.")
    facts = {"built": _listed(built), "own": _listed(own)}
    return Check(
        "module",
        Status.FAIL,
        said.format(path=path, **facts),
        advice.format(**facts),
        ModuleNotLoadable.exit_code,
    )


def of_the_adapters(run: Invocation) -> Iterator[Check]:
    """Whether what the adapters' modules need is there, of those that have a module here."""
    pcsc = []
    for adapter in run.runner.registry.adapters:
        settings = run.config.adapters.get(adapter.name, {})
        try:
            if not run.runner.registry.modules(adapter.name, settings):
                continue
            needs = run.runner.registry.needs(adapter.name, settings)
        except LockwrightError:
            continue  # told where its modules are looked at
        if needs.pcsc:
            pcsc.append(adapter.name)
        yield from (_closed(adapter.name, place) for place in needs.places if not _usable(place))
    if pcsc and sys.platform == "linux":
        yield _pcsc(", ".join(pcsc))


def _usable(place: Path) -> bool:
    wanted = os.R_OK | os.W_OK | os.X_OK if place.is_dir() else os.R_OK
    return os.access(place, wanted)


def _closed(adapter: str, place: Path) -> Check:
    if not os.path.lexists(place):
        said = _("{path}, which the modules of {adapter} use, does not exist.")
        advice = _("Make it, or correct the configuration of the module.")
    else:
        said = _("This account may not use {path}, which the modules of {adapter} use.")
        advice = remedy(place)
    return Check("module", Status.WARN, said.format(path=place, adapter=adapter), advice)


def _pcsc(adapters: str) -> Check:
    """Whether the service takes a connection, as a module would make one."""
    named = os.environ.get(_PCSC_NAMED)
    places = (Path(named),) if named else _PCSC_USUAL
    place = next((each for each in places if os.path.lexists(each)), places[0])
    try:
        with socket.socket(socket.AF_UNIX) as asked:
            asked.settimeout(_PATIENCE)
            asked.connect(str(place))
    except OSError as error:
        said = _("The PC/SC service, which {adapters} needs, cannot be used at {path}: {reason}.")
        advice = _("Install pcscd and start it with: sudo systemctl enable --now pcscd.socket")
        if isinstance(error, PermissionError):
            advice = remedy(place)
        told = said.format(adapters=adapters, path=place, reason=reason_of(error))
        return Check("service", Status.WARN, told, advice)
    said = _("The PC/SC service, which {adapters} needs, answers at {path}.")
    return Check("service", Status.OK, said.format(adapters=adapters, path=place))


def _listed(built: frozenset[str]) -> str:
    return " / ".join(sorted(built))
