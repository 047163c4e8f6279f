"""A person's yes before something is done that cannot be undone by itself."""

from __future__ import annotations

import click

from lockwright.cli.invocation import Invocation
from lockwright.console.clean import clean
from lockwright.console.wrapping import whole
from lockwright.i18n import _
from lockwright.models import Token
from lockwright.pkcs11 import uri

REFUSED = 1
"""Exit code when the person did not agree."""


def need_terminal(run: Invocation, otherwise: str) -> None:
    """Refuse at once where nobody can be asked.

    Args:
        run: the command.
        otherwise: what is said then: what nobody can be asked, and what to do without a terminal.

    Raises:
        click.UsageError: there is no terminal, or the answer is for a program.
    """
    if run.options.json or not run.terminal.there:
        raise click.UsageError(otherwise, click.get_current_context())


def require_serial(selector: str, token: Token) -> None:
    """Refuse where nobody is asked and the token is not named by its serial number.

    Args:
        selector: what ``--token`` says.
        token: the token that it found.

    Raises:
        click.UsageError: the selector is a label, or another part of a URI.
    """
    if not _is_said(selector, token):
        raise click.UsageError(
            _("--yes needs --token with the serial number itself, alone or in a URI."),
            click.get_current_context(),
        )


def serial_typed(run: Invocation, token: Token, question: str, instead: str) -> bool:
    """Have the serial number of a token typed, or the label of one that has none.

    Args:
        run: the command.
        token: the token.
        question: what is asked, with ``{serial}``.
        instead: what is asked where it has none, with ``{name}``.
    """
    name = token.serial or token.identity.label or str(token.identity.slot)
    asked = question if token.serial else instead
    shown = whole(clean(name))
    typed = run.terminal.line(asked.format(serial=shown, name=shown))
    same = typed.lower() == name.lower()
    if typed and not same:
        run.output.note(_("That is not {name}.").format(name=shown))
    return same


def _is_said(selector: str, token: Token) -> bool:
    """Whether a selector spells the serial number out, be it none, and not just the label."""
    if selector.lower().startswith(uri.SCHEME):
        return "serial" in uri.parse(selector).attributes
    return bool(token.serial) and selector.lower() == token.serial.lower()
