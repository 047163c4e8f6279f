"""What ``doctor`` looks at, in the order in which one thing needs the one before."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from lockwright.audit import verify
from lockwright.cli.invocation import Invocation
from lockwright.config import load, places
from lockwright.console.failures import described
from lockwright.errors import (
    AdapterBroken,
    AuditError,
    AuditUnreadable,
    AuditUnwritable,
    LockwrightError,
    ModuleNotLoadable,
)
from lockwright.explain import in_words
from lockwright.i18n import N_, _
from lockwright.models import Token
from lockwright.operations.detect import Detection
from lockwright.registry import Plugin, PluginStatus

_OLDEST = (3, 11)


class Status(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    area: str
    """What it belongs to: python, configuration, plugin, module, token or audit."""
    status: Status
    """How it came out."""
    message: str
    """What was found, a sentence in the language in use."""
    advice: str = ""
    """What to do about it."""
    exit_code: int = 0
    """Exit code of the error behind it."""


def examine(run: Invocation) -> Iterator[Check]:
    """Look at everything; what needs a thing that fails is left out."""
    yield _python()
    try:
        yield _configuration(run)
    except LockwrightError as error:
        yield _failed("configuration", error)
        return
    try:
        yield from _plugins(run)
    except LockwrightError as error:
        yield _failed("plugin", error)
        return
    yield from _modules(run)
    yield from _audit(run)


def _python() -> Check:
    said = _("Python {version} on {system}.").format(
        version=platform.python_version(), system=platform.platform(terse=True)
    )
    return Check("python", Status.OK if sys.version_info >= _OLDEST else Status.FAIL, said)


def _configuration(run: Invocation) -> Check:
    named = (run.options.config,) if run.options.config else places()
    source = next((place for place in named if place.exists()), None)
    load(run.options.config)
    if source is None:
        return Check("configuration", Status.OK, _("No configuration file; the defaults apply."))
    return Check("configuration", Status.OK, _("Configuration: {file}.").format(file=source))


def _plugins(run: Invocation) -> Iterator[Check]:
    for plugin in run.runner.plugins:
        yield _plugin(plugin)
    if not run.runner.registry.adapters:
        yield Check(
            "plugin",
            Status.FAIL,
            _("No adapter is loaded, so no token can be used."),
            _("Install the adapter for your token, such as lockwright-softhsm."),
            AdapterBroken.exit_code,
        )


def _plugin(plugin: Plugin) -> Check:
    name = f"{plugin.name} ({plugin.distribution} {plugin.version})"
    match plugin.status:
        case PluginStatus.LOADED:
            return Check("plugin", Status.OK, _("Plugin {name} works.").format(name=name))
        case PluginStatus.NOT_ALLOWED:
            return Check(
                "plugin",
                Status.WARN,
                _("Plugin {name} is installed but not allowed.").format(name=name),
                _("If it should be used, add it to plugins.allow in the configuration."),
            )
        case PluginStatus.BROKEN | PluginStatus.NOT_INSTALLED:
            return Check(
                "plugin",
                Status.FAIL,
                _("Plugin {name} cannot be used: {problem}.").format(
                    name=plugin.name, problem=in_words(plugin.problem)
                ),
                _("Install it again, or remove it from plugins.allow in the configuration."),
                AdapterBroken.exit_code,
            )


def _modules(run: Invocation) -> Iterator[Check]:
    with run.output.working(_("Looking at every module")):
        seen = run.runner.detect()
    for path in seen.modules:
        yield Check("module", Status.OK, _("Module {path} works.").format(path=path))
    for problem in seen.problems:
        yield _failed("module", problem.error)
    if not seen.modules and not seen.problems:
        yield Check(
            "module",
            Status.FAIL,
            _("No PKCS#11 module was found where the adapters know them."),
            _("Install the vendor's driver, or name its module with --module PATH."),
            ModuleNotLoadable.exit_code,
        )
    yield from (_absent(adapter, path) for adapter, path in _named(run) if not path.is_file())
    yield from (_token(run, seen, token) for token in seen.tokens)
    if not seen.tokens:
        yield Check(
            "token",
            Status.WARN,
            _("No token was found."),
            _(
                "Insert the token. If it is inserted, none of these modules is for it: install its"
                " vendor's driver, or name the module with --module PATH."
            ),
        )


def _named(run: Invocation) -> Iterator[tuple[str, Path]]:
    """Modules that the configuration names, each with its adapter."""
    for adapter, settings in run.config.adapters.items():
        modules = settings.get("modules")
        for path in modules if isinstance(modules, list) else ():
            yield adapter, Path(path)


def _absent(adapter: str, path: Path) -> Check:
    said = _("Module {path}, which the configuration names for {adapter}, does not exist.")
    advice = _("Install the vendor's driver, or correct the path in the configuration.")
    return Check("module", Status.WARN, said.format(path=path, adapter=adapter), advice)


def _token(run: Invocation, seen: Detection, token: Token) -> Check:
    name = f"{token.identity.label} {token.serial}"
    if token.adapter is not None:
        said = _("Token {name} is taken by {adapter}.").format(name=name, adapter=token.adapter)
        return Check("token", Status.OK, said)
    said = _("Token {name} is not usable: {why}.").format(name=name, why=in_words(token.reason))
    advice = "" if _is_known(run, token) else _("Install the adapter for this model.")
    if token.identity in seen.unclear:
        advice = _("Find out which module is the vendor's, and name it with --module PATH.")
    return Check("token", Status.WARN, said, advice)


def _is_known(run: Invocation, token: Token) -> bool:
    """Whether an adapter would take a token that none got, such as one seen through two modules."""
    registry = run.runner.registry
    for adapter in registry.adapters:
        with suppress(LockwrightError):
            if registry.match(adapter.name, token.identity) is not None:
                return True
    return False


def _audit(run: Invocation) -> Iterator[Check]:
    file = run.config.audit
    if file is None:
        yield Check("audit", Status.WARN, _("No audit file is kept."), _("Set audit.file."))
        return
    try:
        said = _trail(file)
        _check_writable(file)
    except AuditError as error:
        yield _failed("audit", error)
    else:
        yield Check("audit", Status.OK, said)


def _trail(file: Path) -> str:
    """How the audit file is, where all is well."""
    try:
        lines = verify(file).lines
    except AuditUnreadable:
        if file.exists():
            raise
        return _("The audit file {file} does not exist yet; it will be made.").format(file=file)
    return _("The audit file {file} is intact ({lines} lines).").format(file=file, lines=lines)


def _check_writable(file: Path) -> None:
    there = next(path for path in (file, *file.parents) if path.exists())
    if not os.access(there, os.W_OK):
        raise AuditUnwritable(file=str(file), reason=_("permission denied"))


def _failed(area: str, error: LockwrightError) -> Check:
    told = described(error)
    message = " ".join((told.message, *told.details))
    return Check(area, Status.FAIL, message, told.advice, told.exit_code)


MARKS = {Status.OK: N_("ok"), Status.WARN: N_("warning"), Status.FAIL: N_("failed")}
"""How each outcome is shown."""
