"""``lockwright-desk keeper``: the process that holds the HSM's PIN."""

from __future__ import annotations

import click
from lockwright.config.table import Wrong
from lockwright.console.clean import clean
from lockwright.console.framework import option
from lockwright.i18n import N_, _, ngettext
from lockwright.log import configure

from lockwright_desk.cli.program import Run, command
from lockwright_desk.configuration import keeper as configuration
from lockwright_desk.errors import DeskConfigurationBroken
from lockwright_desk.helpdesk.custody import peers
from lockwright_desk.helpdesk.custody.process import keep

HELP = N_(
    """Answer Requests inside the HSM until stopped by Ctrl-C or SIGTERM.

    The keeper is the one process that has the HSM's PIN. It logs in once, and answers one question
    on a Unix socket: the Response to this Request for the token of this record. It counts and
    limits by itself, and tells doctor which HSM and keys it has. Of the configuration it reads the
    table [keeper] alone, so it can have a file and an account of its own."""
)


@command("keeper", text=HELP)
@option("--json-log", is_flag=True, text=N_("Write the log as JSON, a line each."))
def keeper(run: Run, *, json_log: bool) -> None:
    """Keep the keys."""
    configure(verbose=run.options.verbose, json=json_log)
    if not peers.possible():
        said = _("A keeper needs a system that says who connects to a socket, such as Linux.")
        raise click.UsageError(said, click.get_current_context())
    settings = configuration.load(run.file)

    def tell(count: int) -> None:
        run.output.note(
            ngettext(
                "The keeper answers at {socket} with {count} key of the HSM.",
                "The keeper answers at {socket} with {count} keys of the HSM.",
                count,
            ).format(socket=clean(str(settings.place.socket)), count=count)
        )

    try:
        keep(settings, tell)
    except Wrong as error:
        raise DeskConfigurationBroken(file=str(run.file), reason=str(error)) from None
