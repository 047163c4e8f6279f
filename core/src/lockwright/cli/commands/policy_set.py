"""``lockwright policy set``: a token's own PIN rules, planned, agreed to, set, and read again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

import click

from lockwright.cli.consent import REFUSED, need_terminal
from lockwright.cli.invocation import Invocation
from lockwright.cli.pin_options import pin_options
from lockwright.cli.pins import Role
from lockwright.cli.program import command
from lockwright.console.clean import clean
from lockwright.console.framework import Body, option
from lockwright.console.numbers import WholeNumber
from lockwright.console.screen import Console
from lockwright.explain import policy_lines
from lockwright.i18n import N_, _
from lockwright.models import Token
from lockwright.operations.guard import require_writable
from lockwright.policy import HIGHEST, PinPolicy, PolicyPlan

HELP = N_(
    """Set a token's own rules for a user PIN, with the SO PIN, where the token can do that. The
    token then keeps them in every program.

    Rules that are not named stay as they are, and 0 lifts one. What would change is shown first,
    and nothing is set until you agree. Without a terminal give --yes and --token."""
)
_RULES = {
    "min_length": N_("Characters of a PIN, at least."),
    "max_length": N_("Characters of a PIN, at most."),
    "min_bytes": N_("Digits and Latin letters, at least; a Cyrillic letter counts for two."),
    "max_bytes": N_("Digits and Latin letters, at most; a Cyrillic letter counts for two."),
    "min_digits": N_("Digits, at least."),
    "min_upper": N_("Upper-case Latin letters, at least."),
    "min_lower": N_("Lower-case Latin letters, at least."),
    "min_special": N_("Special characters, at least."),
    "max_repeated": N_("Equal characters in a row, at most."),
}


def _rules(body: Body) -> Body:
    """An option for each rule."""
    for field, text in reversed(_RULES.items()):
        name = f"--{field.replace('_', '-')}"
        body = option(name, field, type=WholeNumber(0, HIGHEST), metavar="N", text=text)(body)
    return body


@command("set", text=HELP)
@_rules
@option(
    "--bank",
    is_flag=True,
    text=N_("The bank's rules, as far as the token can set them; its own stay where stricter."),
)
@option("--yes", is_flag=True, text=N_("Do not ask; needs --token."))
@pin_options(Role.SO)
def set_(run: Invocation, *, bank: bool, yes: bool, **rules: int | None) -> int:
    """Plan, ask, set, report."""
    context = click.get_current_context()
    wanted: dict[str, int | None] = {
        name: value for name, value in rules.items() if value is not None
    }
    if not wanted and not bank:
        raise click.UsageError(_("Name the rules to set, or --bank."), context)
    if yes and run.options.token is None:
        raise click.UsageError(_("--yes needs --token."), context)
    if not yes:
        need_terminal(
            run,
            _("Nobody can be asked whether to set the rules. Agree to it with --yes and --token."),
        )
    token = run.token()
    require_writable(token)
    if bank:
        wanted = run.runner.bank_policy_for(token) | wanted
    with run.output.working(_("Reading the token")):
        plan = run.runner.plan_policy(token, wanted)
    if bank:
        _tell_rest(run, token)
    if not plan.changes:
        return _answer(run, plan, plan.before, _("The token has these rules already."))
    if not yes:
        _show(run, plan)
        if not run.terminal.agrees(_("Set these rules?")):
            run.output.note(_("Nothing was set."))
            return REFUSED
    (so_pin,) = run.collect(token, Role.SO)
    with run.output.working(_("Setting the rules")):
        now = run.runner.set_policy(token, so_pin, plan)
    return _answer(run, plan, now, _("The rules of the token {serial} are set. Now it asks for:"))


def _tell_rest(run: Invocation, token: Token) -> None:
    """Name the bank's rules that the token does not keep by itself."""
    settable, told = token.state.capabilities.policy_sets, asdict(run.config.policy)
    rest = {name: value for name, value in told.items() if name not in settable}
    if lines := policy_lines(PinPolicy(**rest)):
        run.output.note(_("The token cannot keep these rules of the bank; lockwright does:"))
        for line in lines:
            run.output.note(f"  - {line}")


def _show(run: Invocation, plan: PolicyPlan) -> None:
    """Show what would change."""
    notes = run.output.notes
    notes.print(_("Rules of the token {serial} now:").format(serial=clean(plan.serial)))
    _lines(plan.before)(notes)
    notes.print(_("They would become:"))
    _lines(plan.after)(notes)


def _lines(rules: PinPolicy) -> Callable[[Console], None]:
    def text(console: Console) -> None:
        for line in policy_lines(rules) or [_("nothing: any PIN will do")]:
            console.print(f"  - {line}")

    return text


def _answer(run: Invocation, plan: PolicyPlan, now: PinPolicy, said: str) -> int:
    def text(console: Console) -> None:
        console.print(said.format(serial=clean(plan.serial)))
        _lines(now)(console)

    run.output.answer(
        lambda: {
            "token": plan.serial,
            "before": asdict(plan.before),
            "after": asdict(plan.after),
            "now": asdict(now),
            "lines": policy_lines(now),
        },
        text,
    )
    return 0
