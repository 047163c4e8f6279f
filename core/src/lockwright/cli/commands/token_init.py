"""``lockwright token init``: a label and PINs for a blank token, or for one that is emptied."""

from __future__ import annotations

import click

from lockwright.cli import documents, phrases
from lockwright.cli.consent import REFUSED, need_terminal, require_serial, serial_typed
from lockwright.cli.deletion import show_plan
from lockwright.cli.invocation import Invocation
from lockwright.cli.pin_options import pin_options
from lockwright.cli.pins import Role
from lockwright.cli.program import command
from lockwright.cli.watched import reading
from lockwright.console.clean import clean
from lockwright.console.framework import option
from lockwright.console.screen import Console
from lockwright.i18n import N_, _
from lockwright.models import InitPlan, Token
from lockwright.operations.care.labels import check_label
from lockwright.operations.guard import require_writable

HELP = N_(
    """Initialise a token: it gets a label and a user PIN, and everything on it is lost.

    A blank token gets its SO PIN, too, under the bank's rules. A token that was initialised before
    is asked for the one that it has, and keeps it. What would be lost is shown first, as far as it
    can be seen without a PIN; nothing is done until the token's serial number is typed. Without a
    terminal give --yes, and --blank or --token SERIAL.

    Where it was cut short, the token has no user PIN: initialise it once more, or set one with
    lockwright unblock"""
)


@command("init", text=HELP)
@option("--label", metavar="TEXT", required=True, text=N_("Its label, 32 Latin letters at most."))
@option("--blank", is_flag=True, text=N_("Initialise a blank token, and no other."))
@option("--yes", is_flag=True, text=N_("Do not ask; needs --blank, or --token with the serial."))
@pin_options(Role.SO, Role.NEW_SO, Role.NEW)
def init(run: Invocation, *, label: str, blank: bool, yes: bool) -> int:
    """Plan, ask, initialise, report."""
    check_label(label)
    token = _meant(run, blank=blank, yes=yes)
    require_writable(token)
    with reading(run):
        plan = run.runner.care.plan_init(token, label)
    so = Role.NEW_SO if plan.new_so_pin else Role.SO
    _refuse_other_file(run, so)
    run.pins.refuse_in_vain(token, so)
    if not yes and not _agreed(run, token, plan):
        run.output.note(_("Nothing was changed."))
        return REFUSED
    so_pin, new_pin = run.collect(token, so, Role.NEW)
    with run.output.working(_("Initialising the token")):
        now = run.runner.care.init(token, so_pin, new_pin, plan)
    _answer(run, now, plan)
    return 0


def _meant(run: Invocation, *, blank: bool, yes: bool) -> Token:
    """The token; where nobody is asked, a blank one, or one whose serial number is said."""
    selector = run.options.token
    if yes and not blank and selector is None:
        told = _("--yes needs --blank, or --token with the serial.")
        raise click.UsageError(told, click.get_current_context())
    if not yes:
        need_terminal(
            run,
            _(
                "Nobody can be asked whether to initialise it. Agree to it with --yes, and --blank"
                " or --token SERIAL."
            ),
        )
    token = run.to_initialise(blank=blank)
    if yes and token.identity.initialized:
        require_serial(str(selector), token)
    return token


def _refuse_other_file(run: Invocation, so: Role) -> None:
    """Refuse an SO PIN that was given for the other case: nobody's file is read in vain."""
    other = Role.SO if so is Role.NEW_SO else Role.NEW_SO
    if not run.pins.given(other):
        return
    told = {
        Role.NEW_SO: _("The token has no SO PIN yet: give its first one, with --new-so-pin-file."),
        Role.SO: _("The token keeps its SO PIN: give that one, with --so-pin-file."),
    }
    raise click.UsageError(told[so], click.get_current_context())


def _agreed(run: Invocation, token: Token, plan: InitPlan) -> bool:
    """Show what goes, and have it agreed to."""
    label = clean(plan.label)
    if plan.lost is None:
        run.output.note(phrases.blank(token.identity))
        return run.terminal.agrees(_("Initialise it with the label {label}?").format(label=label))
    if plan.lost.targets:
        show_plan(run.output.notes, plan.lost, run.config.warn_days)
    if plan.unseen and plan.lost.targets:
        run.output.note(_("What only the user can see is lost, too; it cannot be listed here."))
    elif plan.unseen:
        run.output.note(_("What only the user can see is lost; it cannot be listed here."))
    told = _("The user PIN becomes another one, and the label {old} becomes {new}.")
    run.output.note(told.format(old=clean(token.identity.label) or _("(no name)"), new=label))
    stays, first = _("The SO PIN stays."), _("It has no SO PIN, and gets its first one.")
    run.output.note(first if plan.new_so_pin else stays)
    if plan.cut_short:
        run.output.note(_("It has no user PIN: an initialisation may have been cut short."))
    return serial_typed(
        run,
        token,
        _("To lose all of this, type the serial number {serial}:"),
        _("It has no serial number. To lose all of this, type {name}:"),
    )


def _answer(run: Invocation, now: Token, plan: InitPlan) -> None:
    def text(console: Console) -> None:
        told = _("The token {serial} is initialised, with the label {label} and a user PIN.")
        console.print(told.format(serial=clean(now.serial), label=clean(now.identity.label)))
        if plan.new_so_pin:
            console.print(_("Keep its SO PIN apart from it: it unblocks a user PIN that is lost."))

    run.output.answer(
        lambda: {
            "token": now.serial,
            "label": now.identity.label,
            "was_blank": plan.lost is None,
            "had_no_user_pin": plan.cut_short,
            "new_so_pin": plan.new_so_pin,
            "lost": [documents.single(obj) for obj in plan.lost.targets] if plan.lost else [],
            "lost_unseen": plan.unseen,
            "pin": documents.pin(now.state.user_pin),
            "so_pin": documents.pin(now.state.so_pin),
        },
        text,
    )
