"""Where a Request is answered: with a key at hand, or at the bank's help desk."""

from __future__ import annotations

from collections.abc import Mapping

import click

from lockwright.cli.invocation import Invocation
from lockwright.cli.pins import Role
from lockwright.i18n import _

_HERE = (
    "vendor",
    "model",
    "key_format",
    "key_uri",
    "hsm_module",
    "operator",
    "allow_default_key",
)
"""What goes with a key at hand, not with the desk."""
_THERE = ("case", "means", "outcome")
"""What goes with the desk."""
_ASKED = ("serial", "means", "request", "check", "reason", "ticket")


def check(run: Invocation, options: Mapping[str, object]) -> None:
    """Refuse what goes with the other place.

    Raises:
        UsageError: something does.
    """
    at_desk = bool(options["desk"])
    wrong = [_named(name) for name in (_HERE if at_desk else _THERE) if options[name]]
    roles = (Role.KEY, Role.HSM) if at_desk else (Role.SIGN_IN,)
    wrong += [f"--{role}-file" for role in roles if run.pins.given(role)]
    text = ""
    if wrong and at_desk:
        text = _("With --desk the help desk answers; leave out: {options}")
    elif wrong:
        text = _("This goes with --desk only: {options}")
    elif options["outcome"] and not options["case"]:
        text, wrong = _("--outcome goes with {options}"), ["--case"]
    if text:
        context = click.get_current_context()
        raise click.UsageError(text.format(options=", ".join(wrong)), context)


def respond(run: Invocation, options: Mapping[str, object]) -> None:
    """Without a key here: the bank's help desk answers.

    Raises:
        UsageError: something is missing, and nobody can be asked.
        HelpDeskError: it does not go on.
    """
    from lockwright.cli.at_desk import respond as at_desk  # noqa: PLC0415  # needs the network
    from lockwright.cli.at_desk.given import Given  # noqa: PLC0415  # the same

    said = {name: options[name] for name in _ASKED}
    asked = {name: text for name, text in said.items() if isinstance(text, str)}
    case, outcome = options["case"], options["outcome"]
    at_desk.respond(run, Given(run, asked, _text(case), _text(outcome)))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _named(name: str) -> str:
    return f"--{name.replace('_', '-')}"
