"""``lockwright storages``: where a certificate can go on this computer."""

from __future__ import annotations

from lockwright.cli.invocation import Invocation
from lockwright.cli.program import command
from lockwright.console.clean import clean
from lockwright.console.grid import Grid
from lockwright.console.screen import Console
from lockwright.console.text import Text
from lockwright.i18n import N_, _
from lockwright.models import StorageKind, StorageState

HELP = N_(
    """Show where lockwright enroll --storage can put a key and its certificate on this computer,
    and why not where it cannot."""
)
_KINDS = {
    StorageKind.TOKEN: N_("a token"),
    StorageKind.SYSTEM: N_("the system's certificate store"),
    StorageKind.FILE: N_("a PKCS#12 file"),
}


@command("storages", text=HELP)
def storages(run: Invocation) -> None:
    """Show each kind."""
    with run.output.working(_("Looking for tokens")):
        found = run.runner.storages.states()
    run.output.answer(
        lambda: {
            "storages": [
                {
                    "kind": state.kind.value,
                    "available": state.available,
                    "place": state.place or None,
                    "reason": state.reason or None,
                }
                for state in found
            ]
        },
        lambda console: _show(console, found),
    )


def _show(console: Console, found: tuple[StorageState, ...]) -> None:
    table = Grid(_("Storage"), _("What it is"), _("Can be used"), _("Where, or why not"))
    for state in found:
        usable = Text(_("yes")) if state.available else Text(_("no"), "yellow")
        said = clean(state.reason or state.place or _("where --out says"))
        table.add_row(state.kind.value, _(_KINDS[state.kind]), usable, Text(said))
    console.print(table)
