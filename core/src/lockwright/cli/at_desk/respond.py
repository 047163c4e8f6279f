"""The whole of ``respond --desk``: a case is begun or gone on with, answered, told, and closed."""

from __future__ import annotations

from lockwright.cli.at_desk.call import Call
from lockwright.cli.at_desk.given import Given
from lockwright.cli.invocation import Invocation
from lockwright.cli.pins import Role
from lockwright.console.clean import clean
from lockwright.console.screen import Console
from lockwright.console.secret_files import from_private
from lockwright.console.wrapping import whole
from lockwright.i18n import _
from lockwright.line.case import Case, CaseAnswer
from lockwright.line.operating import Operating

_LONGEST_KEY = 64 * 1024
_CLOSED = {"worked", "failed", "called-off"}


def respond(run: Invocation, given: Given) -> None:
    """Do it.

    Raises:
        HelpDeskError: it does not go on; the case stays as it is.
        SecretFileExposed: others can read the key to sign in with.
    """
    settings = run.config.desk
    if settings is not None and (key := settings.key or settings.certificate) is not None:
        from_private(str(key), _LONGEST_KEY).wipe()
    desk = Operating(settings, lambda: run.pins.one(Role.SIGN_IN))
    with desk:
        call = Call(run, desk, given)
        try:
            _case(run, call, given)
        finally:
            _tell_open(run, call.case)


def _case(run: Invocation, call: Call, given: Given) -> None:
    case = call.begin()
    _tell(run, case)
    if given.outcome is not None:
        _show(run, call.close(), None)
        return
    answer = call.until_answered()
    with answer.spoken:
        _show(run, call.now(), answer)
    call.close()


def _tell(run: Invocation, case: Case) -> None:
    """Whose case it is, before anything is asked."""
    told = _("Case {number}: {state}.")
    run.output.note(told.format(number=whole(case.spoken), state=case.state_text))
    about = _("Token {serial} ({model}); client: {client} ({login})")
    run.output.note(
        about.format(
            serial=whole(case.serial), model=case.model, client=case.client, login=case.login
        )
    )


def _tell_open(run: Invocation, case: Case | None) -> None:
    """How to go on with a case that stays."""
    if case is not None and case.state not in _CLOSED:
        told = _("The case stays open. To go on with it: lockwright respond --desk --case {number}")
        run.output.note(told.format(number=case.spoken))


def _show(run: Invocation, case: Case, answer: CaseAnswer | None) -> None:
    spoken = "" if answer is None else answer.spoken.reveal_text()

    def text(console: Console) -> None:
        if answer is None:
            told = _("The case {number} stands: {state}.")
            console.print(clean(told.format(number=case.spoken, state=case.state_text)))
            return
        told = _("The Response for the token {serial}:").format(serial=clean(case.serial))
        console.print(told)
        console.print(f"\n    {clean(spoken)}\n", style="bold")
        for group in answer.groups:
            console.print(f"    {clean(group.characters)}  {clean(', '.join(group.words))}")

    run.output.answer(
        lambda: {
            "case": case.number,
            "state": case.state,
            "vendor": case.adapter,
            "model": case.model,
            "token": case.serial,
            **({} if answer is None else _answered(case, answer, spoken)),
        },
        text,
    )
    if answer is not None:
        run.output.note(
            _(
                "Read it out group by group; the last group is its check. Read it to nobody but"
                " this client: whoever has it and the token can set its PIN."
            )
        )


def _answered(case: Case, answer: CaseAnswer, spoken: str) -> dict[str, object]:
    return {
        "request": case.request,
        "check": {"words": case.words, "digits": case.digits},
        "response": "".join(spoken.split()[:-1]),
        "spoken": spoken,
        "again": answer.again,
    }
