"""``lockwright-desk demo``: a whole help desk to click through, on one computer."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from lockwright.console.clean import clean
from lockwright.console.framework import option
from lockwright.console.numbers import WholeNumber
from lockwright.console.screen import Console
from lockwright.errors import reason_of
from lockwright.i18n import N_, _

from lockwright_desk.cli.demo import simulated
from lockwright_desk.cli.demo.made import Made, make
from lockwright_desk.cli.demo.people import ADAPTER, CLIENTS, MODEL
from lockwright_desk.cli.demo.running import free_port, running
from lockwright_desk.cli.demo.told import story
from lockwright_desk.cli.program import Run, command
from lockwright_desk.configuration.adapters import AdapterSettings
from lockwright_desk.errors import DeskNotReady
from lockwright_desk.helpdesk.adapters import rules_of
from lockwright_desk.web import places

HELP = N_(
    """Try the help desk out on this computer: a desk with a CA, an HSM (SoftHSM), a keeper and ten
    made-up clients, in a folder of its own. It says what to open and what to type.

    The clients' locked tokens are simulated ones where lockwright-testkit is installed. Nobody but
    this computer reaches it. Ctrl-C ends it, and then nothing of it is left."""
)
_LONGEST = 48
"""Bytes of a folder for temporary files in which the keeper's socket has room: its path has at most
107 (unix(7))."""
_SHORT = "/tmp"  # noqa: S108  # a folder of the demo's own is made in it
_HOST = "127.0.0.1"


@command("demo", text=HELP)
@option(
    "--port",
    type=WholeNumber(1, 65535),
    metavar="N",
    text=N_("Port of the pages; by default any free one."),
)
def demo(run: Run, *, port: int | None) -> None:
    """Make it, run it, end it."""
    rules_of(AdapterSettings())(ADAPTER, MODEL)  # before anything is made
    with _folder() as folder:
        with run.output.working(_("Making a desk to try out")):
            made = make(folder, port or free_port(_HOST), run.now)
            lines = _tokens(folder, made)
        with running(made.settings) as desk:
            desk.wait(lambda: _tell(run, made, lines))
    run.output.note(_("The demo has ended; nothing of it is left."))


@contextmanager
def _folder() -> Iterator[Path]:
    usual = tempfile.gettempdir()
    within = usual if len(os.fsencode(usual)) <= _LONGEST else _SHORT
    folder = Path(tempfile.mkdtemp(prefix="lockwright-demo-", dir=within)).resolve()
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _tokens(folder: Path, made: Made) -> Mapping[str, str]:
    """What each client types; nothing without a simulator.

    Raises:
        DeskNotReady: the simulator is there, and does not work.
    """
    program = simulated.simulator()
    if program is None:
        return {}
    try:
        return simulated.make(folder, program, made.keys)
    except OSError as error:
        reason = _(reason_of(error))
    except subprocess.SubprocessError:
        reason = _("lockwright-sim does not make a token; try it alone: lockwright-sim new FOLDER")
    raise DeskNotReady(reason=reason)


def _tell(run: Run, made: Made, lines: Mapping[str, str]) -> None:
    origin = "" if made.settings.signin is None else made.settings.signin.origin
    ca = made.settings.ca.certificate
    document = {
        "url": f"{origin}{places.ROOT}",
        "ca": str(ca),
        "operators": [
            {
                "name": each.worker.login,
                "roles": sorted(each.worker.roles),
                "code": each.code,
                "certificate": str(each.file),
                "password": each.password,
            }
            for each in made.workers
        ],
        "clients": [
            {"login": each.login, "serial": each.serial, "unblock": lines.get(each.login)}
            for each in CLIENTS
        ],
    }

    def text(console: Console) -> None:
        for line in story(made, lines, origin):
            console.print(clean(line))

    run.output.answer(lambda: document, text)
    run.output.note(_("It runs until Ctrl-C; then nothing of it is left."))
