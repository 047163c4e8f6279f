"""``lockwright-desk init``: make what is not there yet."""

from __future__ import annotations

from cryptography.hazmat.primitives.hashes import SHA256
from lockwright.console.clean import clean
from lockwright.console.framework import option
from lockwright.files import durable
from lockwright.i18n import N_, _
from lockwright.spoken import spell, spell_fingerprint

from lockwright_desk.cli.program import Run, command
from lockwright_desk.enrolment.authority.authority import root
from lockwright_desk.initialise import begin, write_configuration

HELP = N_(
    """Set the desk up: the configuration, the token with the CA's key, the CA's certificate, the
    tables of the database, the server's certificate.

    What is there already stays as it is, so this also brings the tables up to a new version."""
)


@command("init", text=HELP)
@option(
    "--name",
    "names",
    multiple=True,
    metavar="HOST",
    text=N_("Host name or address of the server, for a new configuration; may be repeated."),
)
def init(run: Run, *, names: tuple[str, ...]) -> None:
    """Set the desk up."""
    made = []
    if not durable.found(run.file):
        write_configuration(run.file, names or ("localhost", "127.0.0.1"))
        made.append(_("The configuration is in {file}.").format(file=run.file))
    made += begin(run.settings, run.now)
    digest = root(run.settings.ca).fingerprint(SHA256())
    told = [
        *(made or [_("Everything is there already.")]),
        _("Clients know the CA by its fingerprint, SHA-256:"),
        *(f"    {row}" for row in spell_fingerprint(digest)),
    ]
    run.output.answer(
        lambda: {"made": made, "fingerprint": spell(digest)},
        lambda console: console.print("\n".join(map(clean, told))),
    )
    run.output.note(
        _("Next: read the configuration, then lockwright-desk otp new and lockwright-desk serve")
    )
