"""A plan on the screen: every object that goes, by all that tells it from others."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from lockwright.cli import certificates, phrases
from lockwright.cli.cells import lines, validity
from lockwright.console.clean import clean
from lockwright.console.grid import Grid
from lockwright.console.text import Text
from lockwright.i18n import _
from lockwright.models import Certificate, ObjectKind, Plan, TokenObject
from lockwright.operations.certificates import read_certificate


def targets(plan: Plan, warn_days: int) -> Grid:
    """What would go, an object a row, those of a container under its name.

    Args:
        plan: the plan.
        warn_days: days before its end from which a certificate is marked.
    """
    table = Grid(_("Object"), _("Label and id"), _("Certificate"), _("Valid to"))
    read = {c.object.ref: c for container in plan.containers for c in container.certificates}
    for container in plan.containers:
        told = (phrases.container_state(container.state), *map(phrases.remark, container.remarks))
        table.add_heading(Text(f"{clean(container.name)}: {', '.join(told)}", "bold"))
        _rows(table, container.objects, read, warn_days)
    if plan.containers and plan.objects:
        table.add_heading(Text(_("beside these:"), "bold"))
    for obj in plan.objects:
        if obj.kind is ObjectKind.CERTIFICATE and not obj.unreadable:
            read[obj.ref] = read_certificate(obj)
    _rows(table, plan.objects, read, warn_days)
    return table


def _rows(
    table: Grid, objects: Iterable[TokenObject], read: dict[str, Certificate], warn_days: int
) -> None:
    now = datetime.now(UTC)
    for obj in objects:
        certificate = read.get(obj.ref)
        table.add_row(
            lines(*phrases.what(obj)),
            lines(obj.label or _("(no label)"), obj.id.hex() or "-"),
            _certificate(certificate),
            validity(certificate, now, warn_days),
        )


def _certificate(found: Certificate | None) -> Text:
    if found is None:
        return Text("-")
    serial = _("serial number {serial}").format(serial=found.serial) if found.serial else "-"
    return lines(certificates.called(found), certificates.issued_by(found), serial)
