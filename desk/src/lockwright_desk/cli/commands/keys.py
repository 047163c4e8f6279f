"""``lockwright-desk keys``: administrator keys, and the keys of the HSM that they hang on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import click
from lockwright.console.clean import clean
from lockwright.console.framework import Place, argument, option
from lockwright.i18n import N_, _
from lockwright.models import KeyForm

from lockwright_desk.cli import keys_shown
from lockwright_desk.cli.program import Run, command, group
from lockwright_desk.cli.who import administrator
from lockwright_desk.configuration import keeper as keeper_configuration
from lockwright_desk.configuration.keeper import KeeperSettings
from lockwright_desk.helpdesk.adapters import rules_of
from lockwright_desk.helpdesk.custody import assigning, versions
from lockwright_desk.helpdesk.custody.assigning import Wanted
from lockwright_desk.helpdesk.custody.hsm import Hsm
from lockwright_desk.helpdesk.custody.importing import KeyList, import_keys
from lockwright_desk.helpdesk.register import find, histories
from lockwright_desk.helpdesk.register.register import Register
from lockwright_desk.store.tables.register import Custody

_REFUSED = 30
"""Exit code where something of what was asked for was not done."""
_SHOWN = 200
_VERSIONED = click.Choice([Custody.WRAPPED.value, Custody.DERIVED.value, Custody.OPENED.value])
_FORMS = click.Choice([form.value for form in KeyForm])

keys = group(
    "keys",
    places={
        "make": Place(__name__, "make", N_("Make the next version of a key in the HSM.")),
        "import": Place(__name__, "import_", N_("Take a list of administrator keys in.")),
        "assign": Place(
            __name__, "assign", N_("Say that tokens have a derived key, or one of their own.")
        ),
        "list": Place(__name__, "list_", N_("Show versions, and how many tokens hang on each.")),
        "rollover": Place(
            __name__, "rollover", N_("Show which tokens still hang on versions before the newest.")
        ),
    },
    text=N_("Administrator keys that nobody sees, and the keys of the HSM that they hang on."),
)

MAKE = N_(
    """Make the next version of a key in the HSM; tokens that get a key from now on hang on it.

    Tokens that have a key stay with their version, and the key of that version stays in the HSM. If
    the HSM has a key with the label of the next version, such as from a ceremony with its maker's
    tool, that one is taken, if it can be put to no other use. Run it as the account of the keeper,
    which can read the HSM's PIN."""
)


@command("make", text=MAKE)
@option(
    "--custody",
    type=_VERSIONED,
    required=True,
    text=N_("wrapped: a key that wraps others; derived: a master key; opened: one for passwords."),
)
def make(run: Run, *, custody: str) -> None:
    """Make one."""
    settings = _settings(run)
    with closing(Hsm(settings.hsm)) as hsm:
        made = versions.make(
            _register(run), administrator(), hsm, settings.hsm.prefix, Custody(custody)
        )
    said = (
        _("Version {number} is the key {label}, which the HSM had already.")
        if made.found
        else _("Version {number} is the key {label}, made in the HSM.")
    )
    run.output.answer(
        lambda: {
            "custody": made.custody.value,
            "number": made.number,
            "label": made.label,
            "found": made.found,
            "seal_made": made.seal,
        },
        lambda console: console.print(said.format(number=made.number, label=clean(made.label))),
    )
    run.output.note(_("Start the keeper again, so that it judges the key before it is needed."))


IMPORT = N_(
    """Take a list of administrator keys in: each is wrapped by the HSM and kept in the database.

    A row of FILE is serial,key, with --adapter and --model, or adapter,model,serial,key. Only a
    process of its own sees the keys, and ends then; what is stored can be unwrapped inside the HSM
    alone. Only the owner may be able to read FILE. A list is stored as a whole or not at all;
    destroy it afterwards, with every copy."""
)


@command("import", text=IMPORT)
@argument("file", text=N_("The list."))
@option("--adapter", metavar="NAME", text=N_("Adapter of all tokens of the list."))
@option("--model", metavar="MODEL", text=N_("Model of all tokens of the list."))
@option(
    "--key-format",
    "form",
    type=_FORMS,
    default=KeyForm.HEX.value,
    text=N_("How the keys are written: hex, or text; or password, for passwords. By default hex."),
)
@option("--replace", is_flag=True, text=N_("Also for tokens that have a key."))
@option("--dry-run", is_flag=True, text=N_("Store nothing; say which rows cannot be taken in."))
def import_(
    run: Run,
    *,
    file: str,
    adapter: str | None,
    model: str | None,
    form: str,
    replace: bool,
    dry_run: bool,
) -> int:
    """Take them in."""
    if (adapter is None) != (model is None):
        said = _("--adapter and --model belong together.")
        raise click.UsageError(said, click.get_current_context())
    wanted = KeyList(file, KeyForm(form), adapter, model)
    done = import_keys(
        _register(run), administrator(), _settings(run), wanted, replace=replace, dry_run=dry_run
    )
    run.output.answer(
        lambda: keys_shown.imported(done), lambda console: keys_shown.tell_import(console, done)
    )
    if done.stored:
        run.output.note(_("Destroy the list now, and every copy of it."))
    return _REFUSED if done.refused else 0


ASSIGN = N_(
    """Say where the keys of tokens are that have none on record: derived from the master key, or an
    object each in the HSM.

    Every token of the model without a key gets it, or the one with --serial, whatever it had. Each
    key is put to use once: it must encrypt, and be none that everybody knows."""
)


@command("assign", text=ASSIGN)
@option(
    "--custody",
    type=click.Choice([Custody.DERIVED.value, Custody.OBJECT.value]),
    required=True,
    text=N_("derived: from the newest master key; object: an object of its own."),
)
@option("--adapter", metavar="NAME", required=True, text=N_("Adapter of the tokens."))
@option("--model", metavar="MODEL", required=True, text=N_("Model of the tokens."))
@option("--serial", metavar="SERIAL", text=N_("One token alone."))
@option(
    "--label",
    metavar="TEXT",
    default=assigning.SERIAL,
    text=N_("Label of each object; {serial} stands for the serial number, and is the default."),
)
def assign(
    run: Run, *, custody: str, adapter: str, model: str, serial: str | None, label: str
) -> int:
    """Give them one."""
    wanted = Wanted(Custody(custody), adapter, model, serial, label)
    with _hsm(run) as (hsm, settings):
        done = assigning.assign(_register(run), administrator(), hsm, settings, wanted)
    run.output.answer(
        lambda: keys_shown.assigned(done), lambda console: keys_shown.tell_assign(console, done)
    )
    return _REFUSED if done.refused else 0


@command(
    "list",
    text=N_("Show every version of a key, and how many tokens hang on it, the newest first."),
)
def list_(run: Run) -> None:
    """Show them."""
    found = histories.key_versions(run.database, administrator())
    run.output.answer(
        lambda: {"versions": [keys_shown.version_told(each) for each in found]},
        lambda console: keys_shown.tell_versions(console, found),
    )


ROLLOVER = N_(
    """Show which tokens still hang on versions before the newest.

    A version is changed at the token alone: it is given a new key at the bank, which is then taken
    in or assigned here. A wrapped key cannot be wrapped again under a new version, since the HSM
    gives it to nobody; it can only be taken in once more. Once nothing hangs on a version, its key
    can be removed from the HSM."""
)


@command("rollover", text=ROLLOVER)
@option("--custody", type=_VERSIONED, text=N_("One custody alone."))
def rollover(run: Run, *, custody: str | None) -> None:
    """Show them."""
    who = administrator()
    found = histories.key_versions(run.database, who)
    newest = {each.custody: each.number for each in reversed(found)}
    old = [
        each
        for each in found
        if each.number < newest[each.custody] and custody in {None, each.custody.value}
    ]
    hanging = [(each, find.tokens_with(run.database, who, each.id, size=_SHOWN)) for each in old]
    run.output.answer(
        lambda: {
            "versions": [
                {
                    **keys_shown.version_told(each),
                    "hanging": [keys_shown.token_told(token) for token in page.rows],
                    "next": page.next,
                }
                for each, page in hanging
            ]
        },
        lambda console: keys_shown.tell_rollover(
            console, [(each, page.rows) for each, page in hanging]
        ),
    )


def _settings(run: Run) -> KeeperSettings:
    return keeper_configuration.load(run.file)


@contextmanager
def _hsm(run: Run) -> Iterator[tuple[Hsm, KeeperSettings]]:
    settings = _settings(run)
    with closing(Hsm(settings.hsm)) as hsm:
        yield hsm, settings


def _register(run: Run) -> Register:
    return Register(run.database, run.audit, rules_of(run.settings.adapters), run.now)
