"""How far the collector is behind, in the text format of Prometheus."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from lockwright.errors import LockwrightError

from lockwright_desk import clock
from lockwright_desk.configuration.siem import SiemSettings
from lockwright_desk.siem.status import Behind, behind


def text(settings: SiemSettings, audit: Path) -> str:
    """The numbers; none of them where the trail cannot be read."""
    try:
        found = behind(settings, audit)
    except (OSError, LockwrightError):
        return ""
    return "".join(f"{line}\n" for line in _lines(found))


def _lines(found: Behind) -> Iterator[str]:
    yield from _gauge("unsent_records", "Records not known to be at the collector.", found.records)
    yield from _gauge(
        "oldest_unsent_seconds", "Age of the first of them, 0 without any.", _age(found.oldest)
    )
    yield from _gauge(
        "trouble", "1 while the collector cannot be reached.", int(bool(found.cursor.trouble))
    )


def _gauge(name: str, told: str, value: int) -> Iterator[str]:
    full = f"lockwright_desk_siem_{name}"
    yield f"# HELP {full} {told}"
    yield f"# TYPE {full} gauge"
    yield f"{full} {value}"


def _age(time: str) -> int:
    try:
        return max(0, round((clock.now() - datetime.fromisoformat(time)).total_seconds()))
    except ValueError:
        return 0
