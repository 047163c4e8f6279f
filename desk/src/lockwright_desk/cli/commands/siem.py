"""``lockwright-desk siem``: the audit trail is sent to the bank's collector, and how far it is."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from lockwright.console.clean import clean
from lockwright.console.framework import Place, option
from lockwright.console.screen import Console
from lockwright.errors import AuditUnreadable, reason_of
from lockwright.i18n import N_, _, ngettext
from lockwright.log import configure

from lockwright_desk.cli.program import Run, command, group
from lockwright_desk.configuration import siem as configuration
from lockwright_desk.configuration.siem import SiemSettings
from lockwright_desk.errors import DeskError, NoSiem, SiemBusy
from lockwright_desk.siem.alone import alone
from lockwright_desk.siem.connection import Broken
from lockwright_desk.siem.link import link
from lockwright_desk.siem.sender import Sender
from lockwright_desk.siem.status import Behind, behind

siem = group(
    "siem",
    places={
        "send": Place(__name__, "send", N_("Send what is not at the collector yet.")),
        "status": Place(__name__, "status", N_("How far the collector is behind, and why.")),
    },
    text=N_("The audit trail, as it is sent to the bank's collector of logs."),
)


@command(
    "send",
    text=N_(
        """Send the records of the audit trail that are not at the collector yet, and end when they
        are.

        A server does that while it runs; this is for a trail without one, such as the keeper's. Of
        the configuration only the tables [siem] and [audit] are read."""
    ),
)
@option("--follow", is_flag=True, text=N_("Go on with what comes, until Ctrl-C or SIGTERM."))
@option("--json-log", is_flag=True, text=N_("Write the log as JSON, a line each."))
def send(run: Run, *, follow: bool, json_log: bool) -> None:
    """Send them."""
    configure(verbose=run.options.verbose, json=json_log)
    settings, audit = _configured(run)
    over = threading.Event()
    sender = Sender(settings, audit, over)

    def tell(reason: str) -> None:
        run.output.note(_("The collector is tried again: {reason}.").format(reason=clean(reason)))

    with alone(settings.cursor) as chosen:
        if not chosen:
            raise SiemBusy
        with _ended_by_signals(over):
            sender.run(follow=follow, tell=tell)
    run.output.answer(
        lambda: {"sent": sender.sent},
        lambda console: console.print(
            ngettext(
                "{count} record is at the collector.",
                "{count} records are at the collector.",
                sender.sent,
            ).format(count=sender.sent)
        ),
    )


@command(
    "status",
    text=N_(
        """Say how many records are not at the collector yet and why, and try to connect to it.

        The exit code is 30 if it cannot be reached."""
    ),
)
def status(run: Run) -> int | None:
    """Look."""
    settings, audit = _configured(run)
    try:
        found = behind(settings, audit)
    except OSError as error:
        raise AuditUnreadable(file=str(audit), reason=reason_of(error)) from error
    reason = _unreachable(settings)
    run.output.answer(
        lambda: _document(settings, found, reason),
        lambda console: _print(console, settings, found, reason),
    )
    return DeskError.exit_code if reason else None


def _configured(run: Run) -> tuple[SiemSettings, Path]:
    settings, audit = configuration.load(run.file)
    if settings is None:
        raise NoSiem
    return settings, audit


@contextmanager
def _ended_by_signals(over: threading.Event) -> Iterator[None]:
    """What is under way is ended in order at Ctrl-C and SIGTERM."""
    before = {
        number: signal.signal(number, lambda *_told: over.set())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _unreachable(settings: SiemSettings) -> str:
    """Why the collector cannot be reached; empty if it can."""
    try:
        link(settings).close()
    except Broken as error:
        return str(error)
    return ""


def _print(console: Console, settings: SiemSettings, found: Behind, reason: str) -> None:
    where = clean(f"{settings.host}:{settings.port}")
    if reason:
        told = _("{where} cannot be reached: {reason}.")
        console.print(told.format(where=where, reason=clean(reason)), style="red")
    else:
        console.print(_("{where} can be reached.").format(where=where))
    console.print(
        _("A process sends.") if found.sending else _("No process sends."),
        style="" if found.sending else "yellow",
    )
    if found.records:
        text = ngettext(
            "{count} record is not known to be there; the first is of {time}.",
            "{count} records are not known to be there; the first is of {time}.",
            found.records,
        )
        console.print(text.format(count=found.records, time=clean(found.oldest)))
    else:
        console.print(_("Everything is there."))
    if found.cursor.trouble:
        told = _("Since {time} nothing can be sent: {reason}.")
        console.print(
            told.format(time=clean(found.cursor.since), reason=clean(found.cursor.trouble)),
            style="yellow",
        )


def _document(settings: SiemSettings, found: Behind, reason: str) -> dict[str, object]:
    place = found.cursor.place
    return {
        "host": settings.host,
        "port": settings.port,
        "protocol": settings.protocol.value,
        "reachable": not reason,
        "reason": reason or None,
        "sending": found.sending,
        "unsent": found.records,
        "oldest_unsent": found.oldest or None,
        "place": None if place is None else asdict(place),
        "confirmed_at": found.cursor.confirmed_at or None,
        "trouble": found.cursor.trouble or None,
        "trouble_since": found.cursor.since or None,
    }
