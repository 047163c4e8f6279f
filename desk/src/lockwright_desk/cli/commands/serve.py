"""``lockwright-desk serve``: EST over TLS."""

from __future__ import annotations

from lockwright.console.framework import option
from lockwright.console.numbers import WholeNumber
from lockwright.i18n import N_, _
from lockwright.log import configure

from lockwright_desk import library_logs
from lockwright_desk.cli.program import Run, command
from lockwright_desk.desk import Desk
from lockwright_desk.est.places import url_of
from lockwright_desk.server import serve as run_server
from lockwright_desk.server_names import name_in

HELP = N_(
    """Serve EST until stopped by Ctrl-C or SIGTERM.

    Each profile of the configuration is a label: https://HOST:PORT/.well-known/est/PROFILE"""
)


@command("serve", text=HELP)
@option(
    "--port",
    type=WholeNumber(0, 65535),
    metavar="N",
    text=N_("Port to listen on; 0 for any free one."),
)
@option("--json-log", is_flag=True, text=N_("Write the log as JSON, a line each."))
def serve(run: Run, *, port: int | None, json_log: bool) -> None:
    """Serve EST."""
    configure(verbose=run.options.verbose, json=json_log)
    library_logs.take()
    with Desk(run.settings) as desk:
        run_server(desk, lambda bound: _tell(run, bound), port=port)


def _tell(run: Run, port: int) -> None:
    """Where each profile is, as a client's configuration takes it."""
    server = run.settings.server
    if server.certificate is None:
        said, base = _("Serving EST to the proxy at {url}"), ("http", server.host)
    else:
        said, base = _("Serving EST at {url}"), ("https", name_in(server.certificate, server.host))
    for profile in run.settings.profiles:
        run.output.note(said.format(url=url_of(profile, *base, port)))
