"""``lockwright list``: what is on a token, joined into containers."""

from __future__ import annotations

from lockwright.cli import documents, expiry, renewal_documents, tables
from lockwright.cli.invocation import Invocation
from lockwright.cli.pin_options import pin_options
from lockwright.cli.pins import Role
from lockwright.cli.program import command
from lockwright.cli.watched import reading
from lockwright.console.framework import option
from lockwright.console.screen import Console
from lockwright.i18n import N_, _
from lockwright.models import PinState, Token

HELP = N_(
    """Show what is on a token: containers, that is key pairs with their certificates, and what is
    in no container.

    Without the PIN only what anyone may read is seen. A PIN that is given by an option is used;
    --login asks for it. With --verbose also whole names, serial numbers, and what is odd about a
    certificate."""
)


@command("list", text=HELP)
@option("--login", is_flag=True, text=N_("Log in with the user PIN, to see private objects too."))
@pin_options(Role.USER)
def list_(run: Invocation, *, login: bool) -> None:
    """List a token."""
    token = run.token()
    pin = None
    if login or run.pins.given(Role.USER):
        (pin,) = run.collect(token, Role.USER, reads=True)
    with reading(run):
        content = run.runner.list(token, pin)

    def text(console: Console) -> None:
        tables.show(console, content, run.config.warn_days, in_full=run.options.verbose)
        if not content.containers and not content.objects:
            seen = content.logged_in
            console.print(
                _("The token is empty.") if seen else _("Nothing is visible without the PIN.")
            )

    def document() -> documents.Document:
        return {**documents.listing(content), "renewals": renewal_documents.renewals(run, content)}

    run.output.answer(document, text)
    expiry.warn(run, content)
    if not content.logged_in:
        run.output.note(_("Private objects are not shown; {how}").format(how=_how(token)))


def _how(token: Token) -> str:
    """How private objects are seen, as the PIN stands."""
    status = token.state.user_pin
    told = {
        PinState.LOCKED: _("the user PIN is locked: unblock it with: lockwright unblock"),
        PinState.NOT_SET: _("the token has no user PIN yet: set one with: lockwright unblock"),
        PinState.FINAL_TRY: _(
            "only one try of the user PIN is left: if you are sure of it, see them with --login"
            " --use-last-try"
        ),
        PinState.TO_BE_CHANGED: _(
            "the user PIN is to be changed first, with: lockwright pin change"
        ),
    }
    return told.get(status.state if status else PinState.OK, _("see them with --login."))
