"""``lockwright-desk serve``: EST over TLS."""

from __future__ import annotations

import click
from lockwright.console.framework import option
from lockwright.console.numbers import WholeNumber
from lockwright.i18n import N_, _
from lockwright.log import configure

from lockwright_desk import library_logs
from lockwright_desk.cli.program import Run, command
from lockwright_desk.desk import Desk
from lockwright_desk.listening import listening
from lockwright_desk.server import serve as run_server
from lockwright_desk.workers import begin, possible

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
@option(
    "--workers",
    type=WholeNumber(1, 64),
    metavar="N",
    default=1,
    text=N_("Processes that serve, 1 to 64; one that dies is followed by another. By default 1."),
)
@option("--json-log", is_flag=True, text=N_("Write the log as JSON, a line each."))
def serve(run: Run, *, port: int | None, workers: int, json_log: bool) -> int:
    """Serve EST."""
    configure(verbose=run.options.verbose, json=json_log)
    library_logs.take()
    if workers > 1 and not possible():
        raise click.UsageError(
            _("--workers: this system has no such processes."), click.get_current_context()
        )
    settings = run.settings
    wanted = settings.server.port if port is None else port
    with listening(settings.server.host, wanted) as sockets:

        def tell() -> None:
            _tell(run, sockets[0].getsockname()[1])

        if workers == 1:
            with Desk(settings) as desk:
                run_server(desk, sockets, tell, None)
            return 0
        found = begin(workers, tell)
        if isinstance(found, int):
            return found
        with Desk(settings, share=workers) as desk:
            run_server(desk, sockets, found.is_ready, found)
        return 0


def _tell(run: Run, port: int) -> None:
    server = run.settings.server
    scheme = "http" if server.certificate is None else "https"
    run.output.note(
        _("Serving EST at {url}").format(
            url=f"{scheme}://{server.host}:{port}/.well-known/est/PROFILE"
        )
    )
