"""``lockwright import``: a key and its certificate from a PKCS#12 file, where that is allowed."""

from __future__ import annotations

from pathlib import Path

from lockwright.cli import documents
from lockwright.cli.consent import REFUSED, need_terminal
from lockwright.cli.invocation import Invocation
from lockwright.cli.pin_options import pin_options
from lockwright.cli.pins import Role
from lockwright.cli.program import command
from lockwright.console.clean import clean
from lockwright.console.framework import argument, option
from lockwright.console.screen import Console
from lockwright.errors import FileNotRead, reason_of
from lockwright.files import given
from lockwright.i18n import N_, _
from lockwright.models import StoredCertificate, Token
from lockwright.operations.care.importing import KeyFile
from lockwright.operations.guard import require_writable
from lockwright.operations.object_labels import check_object_label

HELP = N_(
    """Take a private key and its certificate over into a token, from a PKCS#12 file.

    A key that was made outside a token has been seen there, so this is refused unless the
    configuration allows it. The certificate must be valid, and lead to a trusted CA. On the token
    the key never leaves again; it signs once, as a proof. Where something fails, nothing of it is
    left there. The file stays: destroy it."""
)


@command("import", text=HELP)
@argument("file", metavar="FILE", text=N_("The PKCS#12 file."))
@option("--label", metavar="TEXT", text=N_("Label of both; by default the common name."))
@option(
    "--trust",
    metavar="FILE",
    multiple=True,
    text=N_("File with a trusted CA certificate beside those of the configuration."),
)
@option(
    "--with-cas",
    is_flag=True,
    text=N_("Also write the CA certificates of the file that lead to a trusted CA."),
)
@option("--yes", is_flag=True, text=N_("Do not ask; take it over."))
@pin_options(Role.KEY_FILE, Role.USER)
def import_(  # each is an option of its own
    run: Invocation,
    *,
    file: str,
    label: str | None,
    trust: tuple[str, ...],
    with_cas: bool,
    yes: bool,
) -> int:
    """Open, ask, take over, report."""
    run.runner.care.require_imports()
    check_object_label(label)
    if not yes:
        need_terminal(run, _("Nobody can be asked whether to take it over. Agree with --yes."))
    try:
        data = given.read(Path(file))
    except OSError as error:
        raise FileNotRead(file=file, reason=reason_of(error)) from error
    token = run.token()
    require_writable(token)
    run.runner.care.require_offered(token, "import_key")
    password = run.pins.one(Role.KEY_FILE)
    anchors = [Path(each) for each in trust]
    found = run.runner.care.open_key_file(data, password, file=file, trust=anchors)
    with found.key:
        if not yes:
            told = _("The key of {subject} goes to the token {serial}; it was made elsewhere.")
            subject = clean(found.subject)
            run.output.note(told.format(subject=subject, serial=clean(token.serial)))
            if not run.terminal.agrees(_("Take it over?")):
                run.output.note(_("Nothing was changed."))
                return REFUSED
        (pin,) = run.collect(token, Role.USER)
        with run.output.working(_("Taking over the key")):
            stored = run.runner.care.take_over(token, pin, found, label, with_cas=with_cas)
    _answer(run, token, found, stored)
    run.output.note(_("Whoever has the file has the key: destroy it."))
    return 0


def _answer(run: Invocation, token: Token, found: KeyFile, stored: StoredCertificate) -> None:
    def text(console: Console) -> None:
        told = _("The key {label} and its certificate are on the token {serial}.")
        console.print(told.format(label=clean(stored.label), serial=clean(token.serial)))
        for ca in stored.beside:
            console.print(_("So is the certificate of the CA {name}.").format(name=clean(ca.label)))

    run.output.answer(
        lambda: {
            "token": token.serial,
            "subject": found.subject,
            **documents.stored(stored),
            "cas": [documents.stored(each) for each in stored.beside],
        },
        text,
    )
