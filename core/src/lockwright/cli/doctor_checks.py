"""What ``doctor`` looks at, in the order in which one thing needs the one before."""

from __future__ import annotations

import errno
import os
import platform
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from lockwright.audit import verify
from lockwright.cli import doctor_rights, doctor_system, phrases
from lockwright.cli.invocation import Invocation
from lockwright.config import load, places
from lockwright.console.finding import Check, Status, failed
from lockwright.errors import (
    AdapterBroken,
    AuditError,
    AuditUnreadable,
    AuditUnwritable,
    LedgerUnusable,
    LockwrightError,
    ModuleNotLoadable,
    TokenBlank,
    reason_of,
)
from lockwright.explain import in_words
from lockwright.files import exposure
from lockwright.i18n import _
from lockwright.models import Token
from lockwright.models.plugin_pins import PluginPin
from lockwright.operations.detect import Detection, Problem
from lockwright.registry import HeldTo, Plugin, PluginStatus

_OLDEST = (3, 11)


def examine(run: Invocation) -> Iterator[Check]:
    """Look at everything; what needs a thing that fails is left out."""
    yield _python()
    try:
        yield from _configuration(run)
    except LockwrightError as error:
        yield failed("configuration", error)
        return
    try:
        yield from _plugins(run)
    except LockwrightError as error:
        yield failed("plugin", error)
        return
    yield from _modules(run)
    yield from _audit(run)
    yield from _ledger(run)


def _python() -> Check:
    said = _("Python {version} on {system}.").format(
        version=platform.python_version(), system=platform.platform(terse=True)
    )
    return Check("python", Status.OK if sys.version_info >= _OLDEST else Status.FAIL, said)


def _configuration(run: Invocation) -> Iterator[Check]:
    named = (run.options.config,) if run.options.config else places()
    source = next((place for place in named if place.exists()), None)
    load(run.options.config)
    if source is None:
        yield Check("configuration", Status.OK, _("No configuration file; the defaults apply."))
        return
    yield Check("configuration", Status.OK, _("Configuration: {file}.").format(file=source))
    yield from doctor_rights.of_what_decides("configuration", (source,))


def _plugins(run: Invocation) -> Iterator[Check]:
    for plugin in run.runner.plugins:
        yield _plugin(run, plugin)
    names = {plugin.name for plugin in run.runner.plugins}
    for name in sorted(run.config.adapters.keys() - names):
        yield Check(
            "configuration",
            Status.WARN,
            _(
                "The configuration has a table [adapters.{name}], and there is no such adapter."
            ).format(name=name),
            _("Correct its name, or install the adapter; lockwright plugins shows those that are."),
        )
    if not run.runner.registry.adapters:
        yield Check(
            "plugin",
            Status.FAIL,
            _("No adapter is loaded, so no token can be used."),
            _("Install the adapter for your token, such as lockwright-softhsm."),
            AdapterBroken.exit_code,
        )


def _plugin(run: Invocation, plugin: Plugin) -> Check:
    name = f"{plugin.name} ({plugin.distribution} {plugin.version})"
    match plugin.status:
        case PluginStatus.LOADED:
            return _works(run, plugin, name)
        case PluginStatus.NOT_ALLOWED:
            return Check(
                "plugin",
                Status.WARN,
                _("Plugin {name} is installed but not allowed: {problem}.").format(
                    name=name, problem=in_words(plugin.problem)
                ),
                _("If it should be used, name it in plugins.allow: {entry}").format(
                    entry=PluginPin(plugin.name, plugin.distribution, plugin.version)
                ),
            )
        case PluginStatus.BROKEN | PluginStatus.NOT_INSTALLED:
            return Check(
                "plugin",
                Status.FAIL,
                _("Plugin {name} cannot be used: {problem}.").format(
                    name=plugin.name, problem=in_words(plugin.problem)
                ),
                _("Install what was tested, or correct plugins.allow in the configuration."),
                AdapterBroken.exit_code,
            )


def _works(run: Invocation, plugin: Plugin, name: str) -> Check:
    """A plugin that works; one that is required by a name that anybody can take is a warning."""
    pins = [pin for pin in map(PluginPin.parse, run.config.require) if pin.name == plugin.name]
    held = plugin.held_to not in {HeldTo.NOTHING, HeldTo.NAME}
    if pins and not held and not any(pin.distribution for pin in pins):
        told = _("Plugin {name} works; it is required by a name that any distribution can take.")
        advice = _("Name its distribution, too, in plugins.require: {entry}")
        entry = PluginPin(plugin.name, plugin.distribution, plugin.version)
        return Check("plugin", Status.WARN, told.format(name=name), advice.format(entry=entry))
    told = {
        HeldTo.NOTHING: _("Plugin {name} works; any plugin may run, since there is no allow-list."),
        HeldTo.NAME: _("Plugin {name} works; it is held to its name, whoever brings it."),
        HeldTo.DISTRIBUTION: _("Plugin {name} works; it is held to its distribution."),
        HeldTo.VERSION: _("Plugin {name} works; it is held to its distribution and version."),
        HeldTo.FILES: _("Plugin {name} works; it is held to its files."),
    }[plugin.held_to]
    return Check("plugin", Status.OK, told.format(name=name))


def _modules(run: Invocation) -> Iterator[Check]:
    with run.output.working(_("Looking at every module")):
        seen = run.runner.detect()
    for path in seen.modules:
        yield Check("module", Status.OK, _("Module {path} works.").format(path=path))
    for problem in seen.problems:
        yield _of_problem(run, problem)
    if not seen.modules and not seen.problems:
        yield Check(
            "module",
            Status.FAIL,
            _("No PKCS#11 module was found where the adapters know them."),
            _("Install the vendor's driver, or name its module with --module PATH."),
            ModuleNotLoadable.exit_code,
        )
    yield from (_absent(adapter, path) for adapter, path in _named(run) if not path.is_file())
    yield from doctor_system.of_the_adapters(run)
    yield from doctor_rights.of_what_decides("module", seen.modules)
    yield from (_token(run, seen, token) for token in seen.tokens)
    for blank in seen.blank:
        status = Status.OK if seen.tokens else Status.WARN
        advice = "" if seen.tokens else _(TokenBlank.advice)
        yield Check("token", status, phrases.blank(blank), advice)
    if not seen.tokens and not seen.blank:
        yield Check(
            "token",
            Status.WARN,
            _("No token was found."),
            _(
                "Insert the token. If it is inserted, none of these modules is for it: install its"
                " vendor's driver, or name the module with --module PATH."
            ),
        )


def _of_problem(run: Invocation, problem: Problem) -> Check:
    if isinstance(problem.error, ModuleNotLoadable):
        told = doctor_system.of_the_file(Path(problem.subject))
        if told is not None:
            return told
    return _with_origin(run, failed("module", problem.error), problem.subject)


def _with_origin(run: Invocation, check: Check, subject: str) -> Check:
    """What failed, with where its adapter comes from, which the error cannot know."""
    for plugin in run.runner.plugins:
        if plugin.name == subject and plugin.origin:
            advice = _("It comes from {origin}: update that, or leave it out of plugins.allow.")
            return replace(check, advice=advice.format(origin=plugin.origin))
    return check


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
        yield failed("audit", error)
    else:
        yield Check("audit", Status.OK, said)
    yield from doctor_rights.of_what_records("audit", file)


def _ledger(run: Invocation) -> Iterator[Check]:
    """The bank's side alone has one."""
    file = run.config.ledger_file
    if run.config.ledger is None and not file.exists():
        return
    try:
        exposure.check(file)
        _check_rights(file)
    except OSError as error:
        yield failed("ledger", LedgerUnusable(file=str(file), reason=reason_of(error)))
    else:
        said = _("The ledger of answered Requests {file} can be used.")
        yield Check("ledger", Status.OK, said.format(file=file))
    yield from doctor_rights.of_what_records("ledger", file)


def _trail(file: Path) -> str:
    """How the audit file is, where all is well."""
    try:
        lines = verify(file).lines
    except AuditUnreadable:
        if file.exists():
            raise
        return _("The audit file {file} does not exist yet; it will be made.").format(file=file)
    return _("The audit file {file} is intact; lines: {lines}.").format(file=file, lines=lines)


def _check_writable(file: Path) -> None:
    try:
        exposure.check(file)
        _check_rights(file)
    except OSError as error:
        raise AuditUnwritable(file=str(file), reason=reason_of(error)) from None


def _check_rights(file: Path) -> None:
    """See that a file and its folder may be written to: the folder, too, gets files beside it."""
    folder = next(path for path in file.parents if path.exists())
    for place in (file, folder):
        if place.exists() and not os.access(place, os.W_OK):
            raise PermissionError(errno.EACCES, "", str(place))
