"""``lockwright-desk otp``: one-time passwords."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import click
from lockwright.certificates.subjects import for_people
from lockwright.console.clean import clean
from lockwright.console.framework import Place, argument, option
from lockwright.console.grid import Grid
from lockwright.console.numbers import WholeNumber
from lockwright.console.screen import Console
from lockwright.console.wrapping import whole
from lockwright.i18n import N_, _, ngettext

from lockwright_desk.cli.program import Run, command, group
from lockwright_desk.codes import grouped
from lockwright_desk.enrolment import passwords
from lockwright_desk.enrolment.otp import number_in
from lockwright_desk.enrolment.otp_key import OtpKey
from lockwright_desk.enrolment.otp_places import place_of
from lockwright_desk.enrolment.passwords import NewPassword, PasswordShown, PasswordState
from lockwright_desk.errors import UnknownPassword

_STATES = {
    PasswordState.OPEN: N_("open"),
    PasswordState.USED: N_("used"),
    PasswordState.EXPIRED: N_("expired"),
    PasswordState.REVOKED: N_("revoked"),
}

otp = group(
    "otp",
    places={
        "new": Place(__name__, "new", N_("Make a one-time password and show it, this once.")),
        "list": Place(__name__, "list_", N_("Show every one-time password, but not its secret.")),
        "revoke": Place(__name__, "revoke", N_("Revoke a one-time password.")),
        "new-key": Place(
            __name__, "new_key", N_("Make a new key for one-time passwords, for one that is lost.")
        ),
    },
    text=N_("One-time passwords, each good for one certificate for one key."),
)

NEW = N_(
    """Make a one-time password for LOGIN and show it, this once.

    It is good for one certificate of the profile, for the one key that it is first used with. The
    fields of the profile's subject are given with --set."""
)


@command("new", text=NEW)
@argument("login", text=N_("Login of the person."))
@option(
    "--profile", metavar="NAME", text=N_("Profile; by default the first one in the configuration.")
)
@option(
    "--set",
    "values",
    multiple=True,
    metavar="FIELD=VALUE",
    text=N_("A field of the subject, such as name=Anna Petrova; may be repeated."),
)
@option(
    "--days",
    type=WholeNumber(1, 365),
    metavar="N",
    text=N_("Days in which it can be used, 1 to 365; by default the profile's."),
)
def new(
    run: Run, *, login: str, profile: str | None, values: tuple[str, ...], days: int | None
) -> None:
    """Make one."""
    chosen = run.settings.profile(profile or next(iter(run.settings.profiles)))
    if days:
        chosen = replace(chosen, password_validity=timedelta(days=days))
    fields = _fields(values)
    with run.audit.operation("desk_otp_new", login=login, profile=chosen.name) as result:
        made = passwords.make(
            run.database,
            chosen,
            login,
            fields,
            key=OtpKey.open(place_of(run.settings), run.database),
            operator=run.operator,
            now=run.now(),
        )
        result["password"] = made.about.id
    with made.text:
        run.output.answer(
            lambda: {**_document(made.about), "password": made.text.reveal_text()},
            lambda console: _tell(console, made),
        )
    run.output.note(_("It is not shown again, and nobody can read it from the database."))


@command("list", text=N_("Show every one-time password, the newest first, but not its secret."))
def list_(run: Run) -> None:
    """Show them."""
    found = passwords.every(run.database, run.now())
    run.output.answer(
        lambda: {"passwords": [_document(each) for each in found]},
        lambda console: _table(console, found),
    )


@command(
    "revoke",
    text=N_(
        """Revoke the one-time password with the number ID, which is its first two groups.

        A certificate that was issued for it stays valid; see lockwright-desk certificates."""
    ),
)
@argument("id", text=N_("Number of the one-time password."))
def revoke(run: Run, *, id: str) -> None:  # noqa: A002  # the name of the argument
    """Take one back."""
    number = number_in(id)
    if number is None:
        raise UnknownPassword(id=id)
    with run.audit.operation("desk_otp_revoke", password=number):
        done = passwords.revoke(run.database, number, run.now())
    run.output.answer(
        lambda: _document(done),
        lambda console: console.print(
            _("The one-time password {id} of {login} is revoked.").format(
                id=grouped(done.id), login=clean(done.login)
            )
        ),
    )


@command(
    "new-key",
    text=N_(
        """Make a new key for one-time passwords, for one that is lost or that others may know.

        Every password that has led to no certificate yet is revoked, also one whose request waits
        for approval. Copy the file to every server with the same database, and start the servers
        again; until then they tell clients to ask again later."""
    ),
)
def new_key(run: Run) -> None:
    """Make one."""
    place = place_of(run.settings)
    with run.audit.operation("desk_otp_new_key") as result:
        revoked = OtpKey.renew(place, run.database, run.now())
        result["revoked"] = revoked
    told = (
        _("There is a new key of the one-time passwords: {place}").format(place=place.named),
        ngettext(
            "{count} one-time password was revoked.",
            "{count} one-time passwords were revoked.",
            revoked,
        ).format(count=revoked),
    )
    run.output.answer(
        lambda: {"key": place.named, "revoked": revoked},
        lambda console: console.print("\n".join(map(clean, told))),
    )
    run.output.note(_("Start the servers again: those that run still use the key before it."))


def _fields(values: tuple[str, ...]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for value in values:
        name, equals, text = value.partition("=")
        if not equals or name in fields:
            raise click.UsageError(
                _("--set takes FIELD=VALUE, each field once."), click.get_current_context()
            )
        fields[name] = text
    return fields


def _tell(console: Console, made: NewPassword) -> None:
    about = made.about
    console.print(_("Login:             {login}").format(login=clean(about.login)))
    console.print(_("One-time password: {password}").format(password=made.text.reveal_text()))
    console.print(
        _("Certificate for:   {subject}").format(subject=clean(for_people(about.subject)))
    )
    console.print(
        _("Profile:           {profile}; use it before {expires}").format(
            profile=about.profile, expires=f"{about.expires_at:%Y-%m-%d %H:%M} UTC"
        )
    )


def _table(console: Console, found: Sequence[PasswordShown]) -> None:
    if not found:
        console.print(_("There are no one-time passwords."))
        return
    table = Grid(_("Number"), _("Login"), _("Profile"), _("State"), _("Use before"), _("Subject"))
    for each in found:
        table.add_row(
            whole(grouped(each.id)),
            clean(each.login),
            each.profile,
            _(_STATES[each.state]),
            whole(f"{each.expires_at:%Y-%m-%d %H:%M}"),
            clean(for_people(each.subject)),
        )
    console.print(table)


def _document(about: PasswordShown) -> dict[str, object]:
    return {
        "id": about.id,
        "login": about.login,
        "profile": about.profile,
        "subject": about.subject,
        "state": about.state.value,
        "created_at": about.created_at.isoformat(),
        "expires_at": about.expires_at.isoformat(),
    }
