"""``lockwright tokens``: every token that is connected, and which adapter took it."""

from __future__ import annotations

from collections.abc import Sequence

from lockwright.cli import documents, expiry, phrases, renewal_documents, tables
from lockwright.cli.invocation import Invocation
from lockwright.cli.program import command
from lockwright.console.clean import clean
from lockwright.console.failures import described
from lockwright.console.screen import Console
from lockwright.errors import TokenBlank, TokenWaits
from lockwright.explain import in_words
from lockwright.i18n import N_, _
from lockwright.models import Listing
from lockwright.operations.detect import Detection
from lockwright.registry import Plugin, PluginStatus

HELP = N_(
    """Show every token that is connected: its PIN, its memory, and the adapter that took it.

    A device may hold several tokens, one for each applet; they stand together under the name of
    their reader, and each has PINs of its own.

    A blank token, one that was never initialised, has a line of its own below: nothing is on it,
    and it is never meant unless it is named.

    A token that waits for the Response to its Request in another program is named, and left alone
    with all others of its module, since a look at it may void the Request.

    A module that fails is reported below; the others keep working. With --verbose also why an
    adapter took a token, and what the token can do."""
)


@command("tokens", text=HELP)
def tokens(run: Invocation) -> int:
    """Look at every module."""
    with run.output.working(_("Looking for tokens")):
        whole = run.options.json or run.options.verbose
        seen = run.runner.detect(key_types=whole, certificates=True)
        contents = expiry.look(run, seen.tokens, seen.certificates)

    run.output.answer(lambda: _document(run, seen, contents), lambda to: _show(run, seen, to))
    for token, content in zip(seen.tokens, contents, strict=True):
        expiry.warn(run, content, f"{token.serial}: ")
    _tell_problems(run, seen)
    for plugin in _broken(run):
        told = _("Plugin {name} cannot be used: {problem}.")
        told = told.format(name=plugin.name, problem=in_words(plugin.problem))
        run.output.note(_("Problem: {message}").format(message=told), style="yellow")
    if seen.modules or seen.waits or not seen.problems:
        return 0
    return seen.problems[0].error.exit_code


def _show(run: Invocation, seen: Detection, console: Console) -> None:
    if seen.tokens:
        console.print(tables.devices(seen.devices))
    if seen.tokens and (seen.blank or seen.waits):
        console.print()
    for waits in seen.waits:
        console.print(phrases.waits(waits), style="yellow")
    for blank in seen.blank:
        console.print(phrases.blank(blank), style="dim")
    for token in seen.tokens if run.options.verbose else ():
        console.print()
        console.print(clean(f"{token.identity.label} {token.serial}"), style="bold")
        console.print(tables.about_token(token, seen.uri(token)))


def _broken(run: Invocation) -> list[Plugin]:
    """Plugins that do not load: a token of theirs would be missing here without a word."""
    return [plugin for plugin in run.runner.plugins if plugin.status is PluginStatus.BROKEN]


def _document(
    run: Invocation, seen: Detection, contents: Sequence[Listing | None]
) -> dict[str, object]:
    return {
        "tokens": [
            {
                **documents.token(token),
                "uri": seen.uri(token),
                "next_expiry": expiry.soonest(content),
                "renewals": renewal_documents.renewals(run, content),
            }
            for token, content in zip(seen.tokens, contents, strict=True)
        ],
        "devices": [documents.device(device) for device in seen.devices],
        "blank": [documents.blank(each) for each in seen.blank],
        "waiting": [documents.waits(each) for each in seen.waits],
        "problems": [
            {"subject": problem.subject, "error": described(problem.error).document()}
            for problem in seen.problems
        ],
    }


def _tell_problems(run: Invocation, seen: Detection) -> None:
    if not seen.tokens and seen.blank:
        run.output.note(_(TokenBlank.advice))
    elif not seen.tokens and not run.runner.registry.adapters and seen.left_out is None:
        run.output.note(_("No adapter is loaded, so no token can be used."))
        run.output.note(_("Install the adapter for your token, such as lockwright-softhsm."))
    elif not seen.tokens and not seen.problems:
        run.output.note(
            _("No token was found. Insert the token; if it is inserted, run: lockwright doctor")
        )
    if seen.left_out is not None and run.runner.registry.adapters:
        told = described(seen.left_out)
        run.output.note(f"{told.message} {told.advice}")
    if seen.waits:
        run.output.note(_(TokenWaits.advice))
    for problem in seen.problems:
        if problem.waits is not None:
            continue
        told = described(problem.error)
        run.output.note(_("Problem: {message}").format(message=told.message), style="yellow")
        for line in filter(None, (*told.details, told.cost, told.advice)):
            run.output.note(f"  {line}")
