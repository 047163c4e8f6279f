"""``lockwright respond``: the bank's side of a remote unblock."""

from __future__ import annotations

from pathlib import Path
from typing import TypedDict, Unpack
from urllib.parse import quote

import click

from lockwright.audit.actor import account
from lockwright.cli import completing
from lockwright.cli.at_desk import place
from lockwright.cli.inquiring import Inquiring
from lockwright.cli.invocation import Invocation
from lockwright.cli.pin_options import pin_options
from lockwright.cli.pins import Role
from lockwright.cli.program import command
from lockwright.console.clean import clean
from lockwright.console.framework import option
from lockwright.console.screen import Console
from lockwright.console.wrapping import whole
from lockwright.errors import CheckDiffers
from lockwright.i18n import N_, _, language
from lockwright.keys.source import HsmKey, KeySource, given_key, hsm_module
from lockwright.models import Grounds, Inquiry, KeyForm
from lockwright.spoken import request_check, spell, spell_response

HELP = N_(
    """Answer the Request that a client reads out, so that a lost PIN can be replaced.

    A Response is an administrator's authentication: anyone with it and the token can set its PIN.
    Make sure who is calling. Take the serial number from the bank's own record of the client,
    never from the caller. Compare the check of the Request with the client, word by word.

    What is not given is asked for, and what was mistyped is asked for again. Each Request is
    answered once, and that is recorded.

    With --desk no key is needed here: you sign in at the bank's help desk with the certificate of
    the configuration ([desk]) and work on a case there. The desk finds client and token by the
    serial number, keeps the rules of the bank, and makes the Response."""
)


class Options(TypedDict):
    """What the command line gave."""

    vendor: str | None
    model: str | None
    serial: str | None
    request: str | None
    check: str | None
    key_format: str | None
    key_uri: str | None
    hsm_module: Path | None
    operator: str | None
    reason: str | None
    ticket: str | None
    allow_default_key: bool
    desk: bool
    case: str | None
    means: str | None
    outcome: str | None


@command("respond", text=HELP)
@option(
    "--vendor",
    metavar="NAME",
    shell_complete=completing.vendors,
    text=N_("Adapter of the client's token, as lockwright plugins shows it."),
)
@option("--model", text=N_("Model of the client's token, as lockwright tokens shows it."))
@option("--serial", text=N_("Serial number, from the bank's own record of the client."))
@option("--request", text=N_("The Request, as the client reads it out."))
@option("--check", text=N_("Its check as the client reads it out: two words or eight digits."))
@pin_options(Role.KEY, Role.HSM, Role.SIGN_IN)
@option(
    "--key-format",
    type=click.Choice([form.value for form in KeyForm]),
    text=N_(
        "What the file holds: hex (the default) is 32 or 48 hexadecimal digits, text a key that"
        " was set as text, password the administrator's password."
    ),
)
@option(
    "--key-uri",
    metavar="URI",
    text=N_("The administrator key in an HSM (RFC 7512); {serial} in it is the serial number."),
)
@option(
    "--hsm-module",
    type=click.Path(path_type=Path),
    metavar="PATH",
    text=N_("PKCS#11 module of the HSM, if the URI has no module-path."),
)
@option(
    "--operator",
    text=N_("Who answers, for the record; by default the system account, which limits count."),
)
@option("--reason", text=N_("Why, in words, for the record."))
@option("--ticket", text=N_("Number of the call in the bank's own system, for the record."))
@option(
    "--allow-default-key", is_flag=True, text=N_("Use the key even if it is a known default key.")
)
@option(
    "--desk",
    is_flag=True,
    text=N_("Work on a case of the bank's help desk; no key is needed here."),
)
@option("--case", metavar="N", text=N_("Go on with this case of the help desk."))
@option(
    "--means",
    metavar="NAME",
    text=N_("How the caller was verified, by the help desk's own name for it."),
)
@option(
    "--outcome",
    type=click.Choice(["worked", "failed", "call-off"]),
    text=N_("Close the case that --case names: how it ended."),
)
def respond(run: Invocation, **given: Unpack[Options]) -> None:
    """Ask, compare, answer, in this order."""
    place.check(run, given)
    if given["desk"]:
        place.respond(run, given)
        return
    _check_usage(run, given)
    asked = Inquiring(run)
    names = (given[name] for name in ("vendor", "model", "serial", "request"))
    inquiry, said = asked.inquiry(*names), given["check"]
    run.responder.check(inquiry)
    while not _same(run, inquiry, said):
        inquiry, said = asked.once_more(inquiry), None
        run.responder.check(inquiry)
    grounds = _grounds(run, given, given["operator"] or account())
    key = _key(run, given, inquiry.serial)
    try:
        with run.output.working(_("Computing the Response")):
            response = run.responder.respond(inquiry, key, grounds)
    finally:
        key.wipe()
    with response:
        _show(run, inquiry, spell_response(inquiry.serial, inquiry.request, response.reveal()))


def _check_usage(run: Invocation, given: Options) -> None:
    """Refuse what does not go together; without a terminal, name all that is missing at once."""
    context = click.get_current_context()
    by_file, by_uri = run.pins.given(Role.KEY), _names_uri(run, given)
    if by_file and given["key_uri"] is not None:
        raise click.UsageError(_("Give either --key-file or --key-uri."), context)
    if by_uri and given["key_format"] is not None:
        raise click.UsageError(_("--key-format goes with --key-file."), context)
    if not by_uri and (given["hsm_module"] or run.pins.given(Role.HSM)):
        raise click.UsageError(_("--hsm-module and --hsm-pin-file go with --key-uri."), context)
    if run.terminal.there:
        return
    wanted = {
        "--vendor": given["vendor"],
        "--model": given["model"],
        "--serial": given["serial"],
        "--request": given["request"],
        "--reason": given["reason"] or given["ticket"],
        "--key-file": by_file or by_uri,
    }
    if missing := [name for name, there in wanted.items() if not there]:
        text = _("There is no terminal to ask on; give also: {options}")
        raise click.UsageError(text.format(options=", ".join(missing)), context)


def _names_uri(run: Invocation, given: Options) -> bool:
    """Whether the key is in an HSM: as the option says, or the configuration where no file is."""
    configured = run.config.key_uri is not None and not run.pins.given(Role.KEY)
    return given["key_uri"] is not None or configured


def _same(run: Invocation, inquiry: Inquiry, said: str | None) -> bool:
    """Find a misheard character, or the wrong token, before there is a Response.

    Args:
        run: the command.
        inquiry: the Request.
        said: the check that was given; None has it compared at the terminal.

    Returns:
        False where it is not the same, and somebody is there who can type it once more.

    Raises:
        CheckDiffers: what the client reads out is another check, and nobody is there.
    """
    check = request_check(inquiry.serial, inquiry.request)
    if said is not None and check.agrees(said):
        return True
    if not run.terminal.there:
        if said is not None:
            raise CheckDiffers(serial=inquiry.serial)
        return True
    say = run.terminal.say
    if said is not None:
        say(_(CheckDiffers.message).format(serial=clean(inquiry.serial)))
    say(_("Serial number: {serial}").format(serial=whole(clean(inquiry.serial))))
    say(_("Request: {request}").format(request=whole(spell(inquiry.request))))
    say(
        _("Check: {words}, or in digits: {digits}").format(
            words=check.words(language()), digits=whole(check.digits)
        )
    )
    say(_("Have the client read out the check. A client's program that shows none: the Request."))
    return run.terminal.agrees(_("Is it the same?"))


def _grounds(run: Invocation, given: Options, operator: str) -> Grounds:
    reason = given["reason"] or ""
    if not given["ticket"]:
        reason = _asked(run, reason, _("Why is it answered? For the record:"))
    return Grounds(operator, reason, given["ticket"] or "")


def _key(run: Invocation, given: Options, serial: str) -> KeySource:
    allowed = given["allow_default_key"]
    if _names_uri(run, given):
        pattern = given["key_uri"] or str(run.config.key_uri)
        uri = pattern.replace("{serial}", quote(serial, safe=""))
        module = given["hsm_module"]
        path = hsm_module(uri, module and module.absolute())
        pin, last = run.pins.one(Role.HSM), run.options.use_last_try
        return HsmKey(uri, path, pin, default_allowed=allowed, use_last_try=last)
    if not run.pins.given(Role.KEY):
        run.options.files[Role.KEY] = _asked(run, None, _("File with the administrator key:"))
    form = KeyForm(given["key_format"] or KeyForm.HEX)
    return given_key(run.pins.one(Role.KEY), form, default_allowed=allowed)


def _asked(run: Invocation, given: str | None, question: str, **names: str) -> str:
    """What was given, otherwise what is entered at a terminal."""
    while not given:
        given = run.terminal.line(question.format(**names))
    return given


def _show(run: Invocation, inquiry: Inquiry, spoken: str) -> None:
    check = request_check(inquiry.serial, inquiry.request)

    def text(console: Console) -> None:
        told = _("The Response for the token {serial}:").format(serial=clean(inquiry.serial))
        console.print(told)
        console.print(f"\n    {spoken}\n", style="bold")

    run.output.answer(
        lambda: {
            "vendor": inquiry.vendor,
            "model": inquiry.model,
            "token": inquiry.serial,
            "request": spell(inquiry.request),
            "check": {"words": check.words(language()), "digits": check.digits},
            "response": "".join(spoken.split()[:-1]),
            "spoken": spoken,
        },
        text,
    )
    run.output.note(
        _(
            "Read it out group by group; the last group is its check, which a client's program may"
            " leave out. A wrong Response costs a try of the administrator."
        )
    )
