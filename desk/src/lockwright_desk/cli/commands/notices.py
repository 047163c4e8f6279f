"""``lockwright-desk notices``: clients are told on another channel."""

from __future__ import annotations

from lockwright.console.framework import Place
from lockwright.console.screen import Console
from lockwright.i18n import N_, _

from lockwright_desk.cli.help_desk import settings_of
from lockwright_desk.cli.program import Run, command, group
from lockwright_desk.helpdesk.notices.sender import Ended, Sender

_TEXTS = {
    Ended.SENT: N_("Sent: {count}"),
    Ended.LATER: N_("Not sent, tried again later: {count}"),
    Ended.GIVEN_UP: N_("Given up: {count}"),
}

notices = group(
    "notices",
    places={"send": Place(__name__, "send", N_("Send the notices that are due."))},
    text=N_("What clients are told of their cases, by mail or by a service of the bank's."),
)


@command(
    "send",
    text=N_(
        """Send the notices that are due, each at least once.

        A server does the same while it runs; several may, also beside this command."""
    ),
)
def send(run: Run) -> None:
    """Send them."""
    sender = Sender(run.database, run.audit, settings_of(run), run.now)
    ended = sender.send_due()

    def told(console: Console) -> None:
        for kind, text in _TEXTS.items():
            if ended.get(kind):
                console.print(_(text).format(count=ended[kind]))
        if not ended:
            console.print(_("No notice is due."))

    run.output.answer(lambda: {kind.value: ended.get(kind, 0) for kind in Ended}, told)
