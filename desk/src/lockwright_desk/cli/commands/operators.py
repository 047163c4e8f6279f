"""``lockwright-desk operators``: who works at the help desk, and by what they sign in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from lockwright.console.clean import clean
from lockwright.console.framework import Place, argument, option
from lockwright.console.grid import Grid
from lockwright.console.screen import Console
from lockwright.console.wrapping import whole
from lockwright.i18n import N_, _, ngettext

from lockwright_desk.cli import sign_in_given
from lockwright_desk.cli.program import Run, command, group
from lockwright_desk.cli.who import administrator
from lockwright_desk.signin import operators, sign_in_codes
from lockwright_desk.signin.new_credentials import of_certificate, of_subject
from lockwright_desk.signin.operators import OperatorShown
from lockwright_desk.signin.roles import Role, Who
from lockwright_desk.signin.sessions import Sessions
from lockwright_desk.signin.sign_in_codes import NewCode

_HERE = __name__
_CREDENTIALS = "lockwright_desk.cli.commands.operators_credentials"

operators_ = group(
    "operators",
    places={
        "add": Place(_HERE, "add", N_("Add an operator, and show a sign-in code, this once.")),
        "list": Place(_HERE, "list_", N_("Show every operator.")),
        "roles": Place(_HERE, "roles", N_("Give an operator other roles.")),
        "suspend": Place(_HERE, "suspend", N_("Let an operator in no more, from this moment.")),
        "restore": Place(_HERE, "restore", N_("Let a suspended operator in again.")),
        "code": Place(_HERE, "code", N_("Make a sign-in code and show it, this once.")),
        "certificate": Place(
            _CREDENTIALS, "certificate", N_("Have an operator sign in with a certificate.")
        ),
        "oidc": Place(
            _CREDENTIALS, "oidc", N_("Have an operator sign in at the bank's own sign-in.")
        ),
        "credentials": Place(_CREDENTIALS, "credentials_", N_("Show by what operators sign in.")),
        "revoke": Place(_CREDENTIALS, "revoke", N_("Take a certificate or passkey back.")),
        "sessions": Place(_CREDENTIALS, "sessions", N_("Show who is signed in.")),
        "sign-out": Place(_CREDENTIALS, "sign_out", N_("Sign an operator out everywhere.")),
    },
    text=N_("Operators of the help desk: what they may do, and by what they sign in."),
)

ROLE = option(
    "--role",
    "given",
    multiple=True,
    required=True,
    type=click.Choice([each.value for each in Role]),
    text=N_("Role; may be repeated, and none contains another."),
)

ADD = N_(
    """Add NAME, and show a code with which that person enrols a passkey, and the page to do it at.

    The code is shown this once, is good for one passkey, and for a day or what [signin] says. Who
    signs in with a certificate or at the bank's own sign-in needs none."""
)


def sessions_of(run: Run) -> Sessions:
    """The sessions of the desk."""
    return Sessions(sign_in_given.settings(run.settings), run.database)


@command("add", text=ADD)
@argument("name", text=N_("The person's account, such as anna.petrova."))
@ROLE
@option("--shown", metavar="TEXT", text=N_("The person's name; by default the account."))
@option(
    "--certificate",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    text=N_("The certificate to sign in with, PEM or DER; then no code is made."),
)
@option(
    "--oidc",
    metavar="SUBJECT",
    text=N_("The person's sub at the bank's own sign-in; then no code is made."),
)
def add(  # each is a fact of its own
    run: Run,
    *,
    name: str,
    given: tuple[str, ...],
    shown: str | None,
    certificate: Path | None,
    oidc: str | None,
) -> None:
    """Add one."""
    who, roles = administrator(), tuple(map(Role, given))
    settings = sign_in_given.settings(run.settings)
    having = []
    if certificate is not None:
        having.append(of_certificate(sign_in_given.certificate(certificate)))
    if oidc is not None:
        having.append(of_subject(sign_in_given.issuer(settings), oidc))
    facts = {"roles": sorted(roles), "signs_in_by": [each.kind.value for each in having]}
    with run.audit.operation("desk_operator_add", operator=who.name, account=name, **facts):
        made = operators.add(run.database, who, name, shown or "", roles, run.now(), having)
    if having:
        _tell(run, made, _("The operator {name} is added."))
    else:
        _tell_code(run, made, _new_code(run, who, name))


@command("list", text=N_("Show every operator, by name."))
def list_(run: Run) -> None:
    """Show them."""
    found = operators.every(run.database, administrator())
    run.output.answer(
        lambda: {"operators": [document(each) for each in found]},
        lambda console: _table(console, found),
    )


@command(
    "roles",
    text=N_(
        """Give NAME these roles and no others, from the next thing that person does on.

        Who is to have none at all is suspended."""
    ),
)
@argument("name", text=N_("The account."))
@ROLE
def roles(run: Run, *, name: str, given: tuple[str, ...]) -> None:
    """Change them."""
    wanted = tuple(map(Role, given))
    who, facts = administrator(), {"account": name, "roles": sorted(wanted)}
    with run.audit.operation("desk_operator_roles", operator=who.name, **facts):
        done = operators.set_roles(run.database, who, name, wanted)
    _tell(run, done, _("The operator {name} has other roles."))


@command("suspend", text=N_("Let NAME in no more: every session is over at once."))
@argument("name", text=N_("The account."))
def suspend(run: Run, *, name: str) -> None:
    """Suspend one."""
    who = administrator()
    with run.audit.operation("desk_operator_suspend", operator=who.name, account=name):
        done = operators.suspend(run.database, who, name, run.now())
    _tell(run, done, _("The operator {name} is suspended, and signed out everywhere."))


@command("restore", text=N_("Let NAME in again, by the certificates and passkeys that were there."))
@argument("name", text=N_("The account."))
def restore(run: Run, *, name: str) -> None:
    """Restore one."""
    who = administrator()
    with run.audit.operation("desk_operator_restore", operator=who.name, account=name):
        done = operators.restore(run.database, who, name)
    _tell(run, done, _("The operator {name} may sign in again."))


@command(
    "code",
    text=N_(
        """Make a code with which NAME enrols a passkey, and show it, this once.

        A code made earlier that was not used is worth nothing any more."""
    ),
)
@argument("name", text=N_("The account."))
def code(run: Run, *, name: str) -> None:
    """Make one."""
    sign_in_given.settings(run.settings)
    who = administrator()
    made = _new_code(run, who, name)
    _tell_code(run, operators.one(run.database, who, name), made)


def document(about: OperatorShown) -> dict[str, object]:
    """An operator as JSON has one."""
    return {
        "name": about.name,
        "shown": about.shown,
        "roles": sorted(about.roles),
        "credentials": about.credentials,
        "added_at": about.added_at.isoformat(),
        "added_by": about.added_by,
        "suspended_at": about.suspended_at.isoformat() if about.suspended_at else None,
    }


def _new_code(run: Run, who: Who, name: str) -> NewCode:
    lasts = sign_in_given.settings(run.settings).code_lasts
    with run.audit.operation("desk_sign_in_code", operator=who.name, account=name):
        return sign_in_codes.make(run.database, who, name, lasts, run.now())


def _tell(run: Run, about: OperatorShown, text: str) -> None:
    run.output.answer(
        lambda: document(about),
        lambda console: console.print(text.format(name=clean(about.name))),
    )


def _tell_code(run: Run, about: OperatorShown, made: NewCode) -> None:
    page = sign_in_given.page(run.settings)
    expires = f"{made.expires_at:%Y-%m-%d %H:%M} UTC"
    with made.text:
        run.output.answer(
            lambda: {
                **document(about),
                "code": made.text.reveal_text(),
                "expires_at": made.expires_at.isoformat(),
                "page": page,
            },
            lambda console: console.print(
                "\n".join(
                    (
                        _("Operator:     {name}").format(name=clean(about.name)),
                        _("Sign-in code: {code}").format(code=made.text.reveal_text()),
                        _("To be used:   before {expires}, at {page}").format(
                            expires=expires, page=page
                        ),
                    )
                )
            ),
        )
    run.output.note(_("It is not shown again, and nobody can read it from the database."))


def _table(console: Console, found: Sequence[OperatorShown]) -> None:
    if not found:
        console.print(_("There are no operators."))
        return
    table = Grid(_("Account"), _("Name"), _("Roles"), _("Signs in by"), _("Suspended"))
    for each in found:
        by = ngettext("{count} credential", "{count} credentials", each.credentials)
        table.add_row(
            clean(each.name),
            clean(each.shown),
            ", ".join(sorted(each.roles)),
            by.format(count=each.credentials),
            whole(f"{each.suspended_at:%Y-%m-%d %H:%M}") if each.suspended_at else "-",
        )
    console.print(table)
