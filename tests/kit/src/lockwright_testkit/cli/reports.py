"""The report of an acceptance, as a person names it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lockwright.errors import AuditError

from lockwright_testkit.cli.errors import ReportChanged, ReportUnread


def report_in(named: Path) -> Path:
    """The report's file.

    Args:
        named: the file, or the folder that certify made.
    """
    return named / "report.json" if named.is_dir() else named


def read_report(file: Path) -> dict[str, Any]:
    """A report, held against its record.

    Args:
        file: the report.

    Raises:
        ReportUnread: it cannot be read.
        ReportChanged: it is no report, or was changed.
    """
    from lockwright_testkit.acceptance.report import Changed, read  # noqa: PLC0415  # slow

    try:
        return read(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise ReportUnread(file=str(file), reason=reason) from None
    except (Changed, AuditError) as error:
        raise ReportChanged(file=str(file), reason=str(error)) from None
