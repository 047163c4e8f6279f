"""``lockwright-desk tokens``: the tokens of the register, looked at and taken in."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import click
from lockwright.console.clean import clean
from lockwright.console.framework import Place, argument, option
from lockwright.console.grid import Grid
from lockwright.console.screen import Console
from lockwright.console.wrapping import whole
from lockwright.i18n import N_, _

from lockwright_desk.cli import connected, files_in_and_out, paged, registered
from lockwright_desk.cli.program import Run, command, group
from lockwright_desk.cli.registered import register_of
from lockwright_desk.cli.who import administrator
from lockwright_desk.helpdesk.register import find, histories
from lockwright_desk.helpdesk.register.exchange import csv_rows, giving_out
from lockwright_desk.helpdesk.register.exchange.tokens_in import Tokens
from lockwright_desk.helpdesk.register.shown import Page, TokenShown
from lockwright_desk.store.tables.register import TokenState

_CHANGES = "lockwright_desk.cli.commands.token_changes"
tokens = group(
    "tokens",
    places={
        "list": Place(__name__, "list_", N_("Show tokens.")),
        "show": Place(__name__, "show", N_("Show a token, who held it, and what became of it.")),
        "add": Place(__name__, "add", N_("Register tokens that are plugged in.")),
        "import": Place(__name__, "import_", N_("Import tokens from a file.")),
        "export": Place(__name__, "export", N_("Export every token.")),
        "suspend": Place(_CHANGES, "suspend", N_("Suspend a token.")),
        "lost": Place(_CHANGES, "lost", N_("Note that a token was lost.")),
        "restore": Place(_CHANGES, "restore", N_("Issue a suspended or lost token again.")),
        "retire": Place(_CHANGES, "retire", N_("Retire a token, for good.")),
        "hand-over": Place(_CHANGES, "hand_over", N_("Give a token to a client, or take it back.")),
    },
    text=N_("Tokens, and who holds them."),
)


@command(
    "list",
    text=N_("Show tokens, in the order in which they were registered, or one kind of them."),
)
@option("--ending", metavar="DIGITS", text=N_("Those whose serial number ends so."))
@option("--client", metavar="LOGIN", text=N_("Those that a client holds."))
@option("--free", is_flag=True, text=N_("Those that no client holds."))
@option(
    "--state", type=click.Choice([each.value for each in TokenState]), text=N_("Those in a state.")
)
@paged.after()
@paged.count()
def list_(  # each is an option
    run: Run,
    *,
    ending: str | None,
    client: str | None,
    free: bool,
    state: str | None,
    after: str | None,
    count: int,
) -> None:
    """Show them."""
    if sum((ending is not None, client is not None, free, state is not None)) > 1:
        context = click.get_current_context()
        text = _("Give one of --ending, --client, --free and --state.")
        raise click.UsageError(text, context)
    chosen = _chosen(run, ending=ending, client=client, free=free, state=state)
    found = chosen(after=after, size=count)

    paged.answer(
        run,
        "tokens",
        found.rows,
        found.next,
        table=registered.token_table,
        document=registered.token_document,
        none=_("No token was found."),
    )


@command("show", text=N_("Show a token, who held it, and what became of it."))
@argument("serial", text=N_("Serial number of the token, all of it."))
@option("--adapter", metavar="NAME", text=N_("Its adapter, where several have that number."))
@option("--model", text=N_("Its model, where several have that number."))
def show(run: Run, *, serial: str, adapter: str | None, model: str | None) -> None:
    """Show one."""
    who, database = administrator(), run.database
    token = find.token_named(database, who, serial, adapter=adapter, model=model)
    held = histories.holders_of(database, who, token.id).rows
    changes = histories.changes_of(database, who, token.id).rows

    def told(console: Console) -> None:
        _print(console, token)
        console.print()
        console.print(registered.change_table(changes))
        if held:
            console.print()
            console.print(registered.held_table(held, of_client=False))

    run.output.answer(
        lambda: {
            **registered.token_document(token),
            "changes": [registered.change_document(each) for each in changes],
            "holders": [registered.held_document(each, of_client=False) for each in held],
        },
        told,
    )


@command(
    "add",
    text=N_(
        """Register the tokens of what lockwright tokens --json shows, as they are.

        FILE is that document; - reads it from standard input, as in:
        lockwright tokens --json | lockwright-desk tokens add -"""
    ),
)
@argument("file", type=click.Path(path_type=Path), text=N_("The document; - for standard input."))
@option("--to", metavar="LOGIN", text=N_("The client who gets them; else they stay in the bank."))
@option("--dry-run", is_flag=True, text=N_("Only say what is wrong, and what would be done."))
def add(run: Run, *, file: Path, to: str | None, dry_run: bool) -> int | None:
    """Add them."""
    return connected.add(run, file, to, dry_run=dry_run)


@command("import", text=files_in_and_out.IMPORT_TOKENS)
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
    kind = Tokens(register_of(run))
    return files_in_and_out.take_in(
        run, kind, file, encoding=encoding, update=update, dry_run=dry_run
    )


@command("export", text=files_in_and_out.EXPORT)
@option("--excel", is_flag=True, text=N_("CSV as a Russian Excel reads it."))
def export(run: Run, *, excel: bool) -> None:
    """Give them out."""
    with giving_out.tokens(register_of(run), administrator()) as rows:
        files_in_and_out.give_out(run, "tokens", rows, excel=excel)


def _chosen(
    run: Run, *, ending: str | None, client: str | None, free: bool, state: str | None
) -> Callable[..., Page[TokenShown]]:
    """The list that was asked for."""
    who, database = administrator(), run.database
    if ending is not None:
        return partial(find.tokens_ending, database, who, ending)
    if client is not None:
        return partial(find.tokens_of, database, who, find.client(database, who, client).id)
    if free:
        return partial(find.tokens_of, database, who, None)
    if state is not None:
        return partial(find.tokens_in, database, who, TokenState(state))
    return partial(find.tokens, database, who)


def _print(console: Console, about: TokenShown) -> None:
    table = Grid(
        _("Serial number"),
        _("Adapter"),
        _("Model"),
        _("Label"),
        _("Holder"),
        _("Administrator key"),
    )
    table.add_row(
        whole(clean(about.serial)),
        clean(about.adapter),
        clean(about.model),
        clean(about.label or "-"),
        registered.holder(about),
        registered.key(about),
    )
    console.print(table)
