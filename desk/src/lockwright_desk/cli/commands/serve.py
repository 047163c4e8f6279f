"""``lockwright-desk serve``: EST, and the help desk where there is one, over TLS."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext

import click
from lockwright.console.framework import option
from lockwright.console.numbers import WholeNumber
from lockwright.host.harden import forbid_dumps
from lockwright.i18n import N_, _
from lockwright.log import configure

from lockwright_desk.cli.program import Run, command
from lockwright_desk.configuration.settings import Settings
from lockwright_desk.enrolment.desk import Desk
from lockwright_desk.enrolment.est.places import origin, url_of
from lockwright_desk.serving import library_logs
from lockwright_desk.serving.listening import listening
from lockwright_desk.serving.metrics import Metrics
from lockwright_desk.serving.server import Served, tls
from lockwright_desk.serving.server import serve as run_server
from lockwright_desk.serving.server_names import name_in
from lockwright_desk.serving.workers import begin, possible
from lockwright_desk.web import places

HELP = N_(
    """Serve EST and, where the configuration has a help desk, its pages, its line and what
    operators' programs ask, until stopped by Ctrl-C or SIGTERM.

    Each profile of the configuration is a label of EST:
    https://HOST:PORT/.well-known/est/PROFILE. The pages are at https://HOST:PORT/desk"""
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
    """Serve."""
    forbid_dumps()
    configure(verbose=run.options.verbose, json=json_log)
    library_logs.take()
    if workers > 1 and not possible():
        raise click.UsageError(
            _("--workers: this system has no such processes."), click.get_current_context()
        )
    settings = run.settings
    wanted = settings.server.port if port is None else port
    context, metrics = tls(settings), Metrics(workers)
    with listening(settings.server.host, wanted) as sockets, _watched(settings) as monitored:

        def tell() -> None:
            _tell(run, sockets[0].getsockname()[1])
            if monitored:
                _tell_watchers(run, monitored[0].getsockname()[1])

        if workers == 1:
            with Desk(settings) as desk:
                run_server(desk, Served(sockets, monitored, context, metrics, tell))
            return 0
        worker = begin(workers, tell)
        if isinstance(worker, int):
            return worker
        metrics.become(worker.number)
        with Desk(settings, share=workers) as desk:
            served = Served(sockets, monitored, context, metrics, worker.is_ready, worker)
            run_server(desk, served)
        return 0


def _watched(settings: Settings) -> AbstractContextManager[Sequence[socket.socket]]:
    watched = settings.monitoring
    return listening(watched.host, watched.port) if watched else nullcontext(())


def _tell_watchers(run: Run, port: int) -> None:
    watched = run.settings.monitoring
    if watched is not None:
        run.output.note(
            _("Health and metrics at {url}").format(url=f"{origin('http', watched.host, port)}/")
        )


def _tell(run: Run, port: int) -> None:
    """Where each profile is, as a client's configuration takes it."""
    server = run.settings.server
    if server.certificate is None:
        said, base = _("Serving EST to the proxy at {url}"), ("http", server.host)
    else:
        said, base = _("Serving EST at {url}"), ("https", name_in(server.certificate, server.host))
    for profile in run.settings.profiles:
        run.output.note(said.format(url=url_of(profile, *base, port)))
    if run.settings.helpdesk is not None and run.settings.signin is not None:
        url = f"{run.settings.signin.origin}{places.ROOT}"
        run.output.note(_("The help desk's pages are at {url}").format(url=url))
