"""``doctor --bundle``: what a support desk asks for, in one file without secrets."""

from __future__ import annotations

import json
import os
import platform
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from lockwright.cli.invocation import Invocation
from lockwright.cli.scrubbing import names_only, scrubbed, scrubbed_data
from lockwright.config import places
from lockwright.console.finding import Check, as_document
from lockwright.errors import FileNotWritten, LockwrightError, reason_of
from lockwright.files import durable
from lockwright.files.built_for import built_for, this_python

_LINES = 50
_TAIL = 256 * 1024
"""Bytes of the end of a log that are looked at."""


def write_bundle(
    run: Invocation, file: Path, checks: Sequence[Check], logs: Sequence[Path]
) -> None:
    """Write the bundle, for the account alone.

    Args:
        run: the run of ``doctor``.
        file: where to; there must be nothing of that name.
        checks: what was found.
        logs: further logs whose ends are wanted.

    Raises:
        FileNotWritten: it cannot be written.
    """
    content = {
        "versions": _versions(),
        "system": _system(),
        "environment": sorted(os.environ),
        "configuration": _configuration(run),
        "modules": list(_modules(run)),
        "checks": scrubbed_data([as_document(check) for check in checks]),
        "logs": {str(log): _end_of(log) for log in _logs(run, logs)},
    }
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    try:
        durable.create(file, text.encode(errors="replace"))
    except (OSError, ValueError) as error:
        raise FileNotWritten(file=str(file), reason=reason_of(error)) from None


def _versions() -> Mapping[str, str]:
    """Of every distribution that is installed beside lockwright."""
    found = {each.name or "?": each.version or "?" for each in metadata.distributions()}
    return dict(sorted(found.items(), key=lambda each: each[0].lower()))


def _system() -> Mapping[str, object]:
    return {
        "python": sys.version,
        "system": platform.platform(),
        "built_for": sorted(this_python()),
        "user": os.geteuid() if os.name == "posix" else None,
        "groups": os.getgroups() if os.name == "posix" else None,
    }


def _configuration(run: Invocation) -> Mapping[str, Any]:
    """What the file says; where it cannot be used, the keys alone: nothing is known of the rest."""
    named = (run.options.config,) if run.options.config else places()
    source = next((place for place in named if place.exists()), None)
    if source is None:
        return {"file": None}
    try:
        content = tomllib.loads(source.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {"file": str(source), "content": None}
    try:
        _known = run.config
    except LockwrightError:
        return {"file": str(source), "content": names_only(content)}
    return {"file": str(source), "content": scrubbed_data(content)}


def _modules(run: Invocation) -> Iterator[Mapping[str, object]]:
    """Every module that would be looked at, by its file alone."""
    try:
        registry, settings = run.runner.registry, run.config.adapters
        found = {module.absolute(): "" for module in run.options.modules}
        for adapter in registry.adapters:
            for path in registry.modules(adapter.name, settings.get(adapter.name, {})):
                found[path] = adapter.name
    except LockwrightError:
        return  # the checks tell
    for path, name in found.items():
        try:
            built, size = sorted(built_for(path)), path.stat().st_size
        except OSError:
            built, size = [], None
        yield {"path": str(path), "adapter": name, "built_for": built, "bytes": size}


def _logs(run: Invocation, logs: Sequence[Path]) -> Iterator[Path]:
    try:
        if run.config.audit is not None:
            yield run.config.audit
    except LockwrightError:
        pass  # the checks tell
    yield from logs


def _end_of(log: Path) -> Sequence[str]:
    """Its last lines, scrubbed as one text, so that a key of many lines is seen as one."""
    try:
        with log.open("rb") as opened:
            opened.seek(max(0, opened.seek(0, os.SEEK_END) - _TAIL))
            text = opened.read(_TAIL).decode(errors="replace")
    except OSError as error:
        return [reason_of(error)]
    return scrubbed(text).splitlines()[-_LINES:]
