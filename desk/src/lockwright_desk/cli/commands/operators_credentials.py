"""``lockwright-desk operators``: certificates, passkeys, and who is signed in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from lockwright.console.clean import clean
from lockwright.console.framework import argument
from lockwright.console.grid import Grid
from lockwright.console.numbers import WholeNumber
from lockwright.console.screen import Console
from lockwright.console.wrapping import whole
from lockwright.i18n import N_, _, ngettext

from lockwright_desk.cli import sign_in_given
from lockwright_desk.cli.commands.operators import document, sessions_of
from lockwright_desk.cli.program import Run, command
from lockwright_desk.cli.who import administrator
from lockwright_desk.signin import credentials, operators
from lockwright_desk.signin.credentials import CredentialShown
from lockwright_desk.signin.new_credentials import of_certificate, of_subject
from lockwright_desk.signin.sessions import SessionShown
from lockwright_desk.store.tables.signin import CredentialKind

_LAST_NUMBER = 2**31 - 1
_KINDS = {
    CredentialKind.CERTIFICATE: N_("certificate"),
    CredentialKind.PASSKEY: N_("passkey"),
    CredentialKind.OIDC: N_("the bank's sign-in"),
}


@command(
    "certificate",
    text=N_(
        """Have NAME sign in with the certificate in FILE, PEM or DER: with this one and no other.

        TLS accepts it if the desk's own CA or one of [signin] client_ca has issued it; a renewed
        certificate is registered anew."""
    ),
)
@argument("name", text=N_("The account."))
@argument("file", type=click.Path(path_type=Path, dir_okay=False), text=N_("The certificate."))
def certificate(run: Run, *, name: str, file: Path) -> None:
    """Add one."""
    new = of_certificate(sign_in_given.certificate(file))
    sign_in_given.add(run, administrator(), name, new)
    _tell(run, name, _("The operator {name} signs in with that certificate."))


@command(
    "oidc",
    text=N_(
        """Have NAME sign in at the bank's own sign-in, which knows that person as SUBJECT.

        That is the sub of an ID token, which the provider never gives to anybody else; an address
        of mail or a login may change hands."""
    ),
)
@argument("name", text=N_("The account."))
@argument("subject", text=N_("The person's sub at the bank's own sign-in."))
def oidc(run: Run, *, name: str, subject: str) -> None:
    """Add one."""
    issuer = sign_in_given.issuer(sign_in_given.settings(run.settings))
    sign_in_given.add(run, administrator(), name, of_subject(issuer, subject))
    _tell(run, name, _("The operator {name} signs in at the bank's own sign-in."))


@command(
    "credentials", text=N_("Show the certificates and passkeys of every operator, or of NAME.")
)
@argument("name", required=False, text=N_("The account."))
def credentials_(run: Run, *, name: str | None) -> None:
    """Show them."""
    found = credentials.every(run.database, administrator(), name)
    run.output.answer(
        lambda: {"credentials": [_document(each) for each in found]},
        lambda console: _table(console, found),
    )


@command(
    "revoke",
    text=N_(
        """Take back the certificate or passkey with the number ID: nobody signs in with it any
        more, and every session that was begun with it is over at once."""
    ),
)
@argument("id", type=WholeNumber(1, _LAST_NUMBER), text=N_("Its number."))
def revoke(run: Run, *, id: int) -> None:  # noqa: A002  # the name of the argument
    """Take one back."""
    who = administrator()
    with run.audit.operation("desk_credential_revoke", operator=who.name, credential=id) as result:
        done = credentials.revoke(run.database, who, id, run.now())
        result["account"] = done.operator
    run.output.answer(
        lambda: _document(done),
        lambda console: console.print(
            _("Nobody signs in with number {id} of {name} any more.").format(
                id=done.id, name=clean(done.operator)
            )
        ),
    )


@command("sessions", text=N_("Show who is signed in, the newest first."))
def sessions(run: Run) -> None:
    """Show them."""
    found = sessions_of(run).every(administrator(), run.now())
    run.output.answer(
        lambda: {"sessions": [_session(each) for each in found]},
        lambda console: _sessions(console, found),
    )


@command("sign-out", text=N_("End every session of NAME, who may sign in again."))
@argument("name", text=N_("The account."))
def sign_out(run: Run, *, name: str) -> None:
    """End them."""
    who = administrator()
    operators.one(run.database, who, name)
    with run.audit.operation("desk_operator_sign_out", operator=who.name, account=name) as result:
        ended = sessions_of(run).end_all(who, name, run.now())
        result["sessions"] = ended
    said = ngettext(
        "{count} session of {name} is over.", "{count} sessions of {name} are over.", ended
    )
    run.output.answer(
        lambda: {"operator": name, "sessions": ended},
        lambda console: console.print(said.format(count=ended, name=clean(name))),
    )


def _tell(run: Run, name: str, text: str) -> None:
    done = operators.one(run.database, administrator(), name)
    run.output.answer(
        lambda: document(done), lambda console: console.print(text.format(name=clean(name)))
    )


def _table(console: Console, found: Sequence[CredentialShown]) -> None:
    if not found:
        console.print(_("Nobody can sign in with anything yet."))
        return
    table = Grid(
        _("Number"), _("Account"), _("Kind"), _("Called"), _("Added"), _("Used"), _("Revoked")
    )
    for each in found:
        table.add_row(
            str(each.id),
            clean(each.operator),
            _(_KINDS[each.kind]),
            clean(each.label) or "-",
            whole(f"{each.added_at:%Y-%m-%d}"),
            whole(f"{each.used_at:%Y-%m-%d}") if each.used_at else "-",
            whole(f"{each.revoked_at:%Y-%m-%d}") if each.revoked_at else "-",
        )
    console.print(table)


def _sessions(console: Console, found: Sequence[SessionShown]) -> None:
    if not found:
        console.print(_("Nobody is signed in."))
        return
    table = Grid(_("Session"), _("Account"), _("Signed in by"), _("Since"), _("Seen"), _("Until"))
    for each in found:
        table.add_row(
            each.id,
            clean(each.operator),
            _(_KINDS[each.kind]),
            whole(f"{each.begun_at:%Y-%m-%d %H:%M}"),
            whole(f"{each.seen_at:%H:%M}"),
            whole(f"{each.ends_at:%H:%M}"),
        )
    console.print(table)


def _document(about: CredentialShown) -> dict[str, object]:
    return {
        "id": about.id,
        "operator": about.operator,
        "kind": about.kind.value,
        "label": about.label,
        "added_at": about.added_at.isoformat(),
        "used_at": about.used_at.isoformat() if about.used_at else None,
        "revoked_at": about.revoked_at.isoformat() if about.revoked_at else None,
    }


def _session(about: SessionShown) -> dict[str, object]:
    return {
        "session": about.id,
        "operator": about.operator,
        "kind": about.kind.value,
        "begun_at": about.begun_at.isoformat(),
        "seen_at": about.seen_at.isoformat(),
        "ends_at": about.ends_at.isoformat(),
    }
