"""``lockwright-desk clients``: the clients of the register."""

from __future__ import annotations

from pathlib import Path

import click
from lockwright.console.clean import clean
from lockwright.console.framework import Place, argument, option
from lockwright.console.grid import Grid
from lockwright.console.screen import Console
from lockwright.i18n import N_, _

from lockwright_desk.cli import files_in_and_out, paged, registered
from lockwright_desk.cli.program import Run, command, group
from lockwright_desk.cli.registered import register_of
from lockwright_desk.cli.who import administrator
from lockwright_desk.helpdesk.register import change_clients, find, histories, values
from lockwright_desk.helpdesk.register.exchange import csv_rows, giving_out
from lockwright_desk.helpdesk.register.exchange.clients_in import Clients
from lockwright_desk.helpdesk.register.shown import ClientShown

clients = group(
    "clients",
    places={
        "list": Place(__name__, "list_", N_("Show clients, by a part of their name or login.")),
        "show": Place(__name__, "show", N_("Show a client, and which tokens the client holds.")),
        "add": Place(__name__, "add", N_("Add a client.")),
        "change": Place(__name__, "change", N_("Change what is known of a client.")),
        "remove": Place(
            __name__, "remove", N_("Remove a client; cases and history stay, without a name.")
        ),
        "import": Place(__name__, "import_", N_("Import clients from a file.")),
        "export": Place(__name__, "export", N_("Export every client.")),
    },
    text=N_("Clients of the bank, as the help desk knows them."),
)


@command(
    "list",
    text=N_(
        """Show clients, in the order of their names.

        With WORDS those whose name or login has words that begin so, in whatever order and case."""
    ),
)
@argument("words", nargs=-1, metavar="[WORDS]...", text=N_("Beginnings of words."))
@paged.after()
@paged.count()
def list_(run: Run, *, words: tuple[str, ...], after: str | None, count: int) -> None:
    """Show them."""
    text = " ".join(words)
    found = find.clients(run.database, administrator(), text, after=after, size=count)

    paged.answer(
        run,
        "clients",
        found.rows,
        found.next,
        table=registered.client_table,
        document=registered.client_document,
        none=_("No client was found."),
    )


@command("show", text=N_("Show a client, which tokens the client holds, and held."))
@argument("login", text=N_("Login of the client."))
def show(run: Run, *, login: str) -> None:
    """Show one."""
    who, database = administrator(), run.database
    client = find.client(database, who, login)
    held = histories.held_by(database, who, client.id).rows

    def told(console: Console) -> None:
        _print(console, client)
        if held:
            console.print()
            console.print(registered.held_table(held, of_client=True))

    run.output.answer(
        lambda: {
            **registered.client_document(client),
            "held": [registered.held_document(each, of_client=True) for each in held],
        },
        told,
    )


@command("add", text=N_("Add a client."))
@argument("login", text=N_("Login of the client."))
@option("--name", required=True, text=N_("Name of the client."))
@option("--phone", text=N_("The telephone number on record, which is called back."))
@option("--email", text=N_("Address of mail."))
@option("--language", type=click.Choice(values.LANGUAGES), text=N_("Language of the client."))
@option("--grade", text=N_("What the bank calls the client's value; rules may name it."))
def add(run: Run, *, login: str, **given: str | None) -> None:
    """Add one."""
    said = {"login": login} | {name: value for name, value in given.items() if value is not None}
    made = change_clients.add(register_of(run), administrator(), said)
    _tell(run, made, _("The client {login} is registered."))


@command(
    "change",
    text=N_("Change what is known of a client; an empty value takes it away. The login stays."),
)
@argument("login", text=N_("Login of the client."))
@option("--name", text=N_("Name of the client."))
@option("--phone", text=N_("The telephone number on record, which is called back."))
@option("--email", text=N_("Address of mail."))
@option("--language", text=N_("Language of the client: en or ru."))
@option("--grade", text=N_("What the bank calls the client's value; rules may name it."))
def change(run: Run, *, login: str, **given: str | None) -> None:
    """Change one."""
    who, said = administrator(), {n: value for n, value in given.items() if value is not None}
    client = find.client(run.database, who, login)
    made = change_clients.change(register_of(run), who, client, said)
    _tell(run, made, _("The client {login} is changed."))


@command(
    "remove",
    text=N_(
        """Remove a client: login, name, telephone number, mail, language and grade are erased, and
        cannot be had back. Cases, answers and who held which token stay, under a number.

        The client must hold no token, have no open case, and have been told of the others. The
        audit trail keeps the login."""
    ),
)
@argument("login", text=N_("Login of the client."))
def remove(run: Run, *, login: str) -> None:
    """Remove one."""
    who = administrator()
    client = find.client(run.database, who, login)
    left = change_clients.remove(register_of(run), who, client)
    told = _("The client {login} is removed; what is left stands under {left}.")
    run.output.answer(
        lambda: registered.client_document(left),
        lambda console: console.print(told.format(login=clean(client.login), left=left.login)),
    )


@command("import", text=files_in_and_out.IMPORT_CLIENTS)
@argument("file", type=click.Path(path_type=Path), text=N_("CSV or JSON; - for standard input."))
@option("--dry-run", is_flag=True, text=N_("Only say what is wrong, and what would be done."))
@option("--update", is_flag=True, text=N_("Change what is registered and differs."))
@option(
    "--encoding",
    type=click.Choice(csv_rows.ENCODINGS),
    text=N_("What a CSV is in, where it is not UTF-8."),
)
def import_(
    run: Run, *, file: Path, dry_run: bool, update: bool, encoding: str | None
) -> int | None:
    """Take them in."""
    return files_in_and_out.take_in(
        run, Clients(), file, encoding=encoding, update=update, dry_run=dry_run
    )


@command("export", text=files_in_and_out.EXPORT)
@option("--excel", is_flag=True, text=N_("CSV as a Russian Excel reads it."))
def export(run: Run, *, excel: bool) -> None:
    """Give them out."""
    with giving_out.clients(register_of(run), administrator()) as rows:
        files_in_and_out.give_out(run, "clients", rows, excel=excel)


def _print(console: Console, about: ClientShown) -> None:
    table = Grid(_("Login"), _("Name"), _("Phone"), _("Mail"), _("Language"), _("Grade"))
    fields = (about.login, about.name, about.phone, about.email, about.language, about.grade)
    table.add_row(*(clean(each or "-") for each in fields))
    console.print(table)


def _tell(run: Run, about: ClientShown, text: str) -> None:
    run.output.answer(
        lambda: registered.client_document(about),
        lambda console: console.print(text.format(login=clean(about.login))),
    )
