"""``lockwright policy``: the rules for a new PIN, whether a PIN keeps them; ``set`` has a file."""

from __future__ import annotations

from dataclasses import asdict

from lockwright.cli import documents
from lockwright.cli.invocation import Invocation
from lockwright.cli.pin_options import pin_options
from lockwright.cli.pins import Role
from lockwright.cli.program import command, group
from lockwright.console.framework import Place
from lockwright.console.screen import Console
from lockwright.errors import PolicyError
from lockwright.explain import policy_lines, rule_text
from lockwright.i18n import N_, _

SHOW_HELP = N_(
    """Show the rules for a new PIN: the bank's, or with --token the stricter of the bank's and the
    token's own."""
)
CHECK_HELP = N_(
    """Check whether a PIN satisfies the rules. Every rule that it breaks is named; nothing is tried
    on a token. With --token the token's own rules, serial number and label count, too."""
)

policy = group(
    "policy",
    places={
        "show": Place(__name__, "show", N_("Show the rules for a new PIN.")),
        "check": Place(__name__, "check", N_("Check whether a PIN satisfies the rules.")),
        "set": Place(f"{__name__}_set", "set_", N_("Set a token's own rules for a PIN.")),
    },
    text=N_("The rules for a new PIN."),
)


@command("show", text=SHOW_HELP)
def show(run: Invocation) -> None:
    """Show the effective policy."""
    token = run.token() if run.options.token is not None else None
    rules = run.runner.policy(token)
    lines = list(policy_lines(rules))

    def text(console: Console) -> None:
        console.print(_("A new PIN needs:") if lines else _("Any PIN will do."))
        for line in lines:
            console.print(f"  - {line}")

    run.output.answer(
        lambda: {"token": token and token.serial, "policy": asdict(rules), "lines": lines}, text
    )


@command("check", text=CHECK_HELP)
@pin_options(Role.NEW)
def check(run: Invocation) -> int:
    """Judge a PIN."""
    token = run.token() if run.options.token is not None else None
    pin = run.pins.one(Role.NEW)
    broken = run.runner.check_pin(pin, token)

    def text(console: Console) -> None:
        if not broken:
            console.print(_("The PIN satisfies every rule."))
            return
        console.print(_("The new PIN is refused:"))
        for rule in broken:
            console.print(f"  - {rule_text(rule)}")

    run.output.answer(
        lambda: {
            "token": token and token.serial,
            "accepted": not broken,
            "broken": [
                {**document, "text": rule_text(rule)}
                for document, rule in zip(documents.rules(broken), broken, strict=True)
            ],
        },
        text,
    )
    return PolicyError.exit_code if broken else 0
