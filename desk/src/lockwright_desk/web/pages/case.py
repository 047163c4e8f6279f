"""A case, as the call goes: one step after the other, each opened by the one before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from lockwright.errors import LockwrightError
from lockwright.explain import explain
from lockwright.i18n import language
from starlette.responses import RedirectResponse, Response

from lockwright_desk.helpdesk.refusals import UnknownCase
from lockwright_desk.helpdesk.service import HelpDesk
from lockwright_desk.helpdesk.states import Act
from lockwright_desk.helpdesk.views import CaseAt, CaseSeen
from lockwright_desk.signin.roles import Action, NotAllowed
from lockwright_desk.web import places
from lockwright_desk.web.door import Page
from lockwright_desk.web.forms import FormMalformed, Typed
from lockwright_desk.web.pages.numbers import number_in
from lockwright_desk.web.pages.steps import Step, steps_of
from lockwright_desk.web.site import Site
from lockwright_desk.web.troubles import status_of
from lockwright_desk.web.visit import Visit

_PLACE = f"{places.CASES}/{{number}}"
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Said:
    """What goes with the page that follows an act."""

    notes: tuple[str, ...] = ()


def see(site: Site, visit: Visit) -> Response:
    """The case as it is."""
    return _page(site, visit, site.help_desk.case(visit.who, visit.path["number"]))


def verify(site: Site, visit: Visit) -> Response:
    """The caller is the client."""
    return _done(site, visit, Step.CALLER, lambda desk, at: _verify(desk, visit, at))


def take_request(site: Site, visit: Visit) -> Response:
    """A Request was heard."""
    return _done(site, visit, Step.REQUEST, lambda desk, at: _take(desk, visit, at))


def hear_words(site: Site, visit: Visit) -> Response:
    """The client said the words."""
    return _done(site, visit, Step.WORDS, lambda desk, at: _hear(desk, visit, at))


def give_grounds(site: Site, visit: Visit) -> Response:
    """Why it is answered."""
    return _done(site, visit, Step.GROUNDS, lambda desk, at: _grounds(desk, visit, at))


def decide(site: Site, visit: Visit) -> Response:
    """A second person agrees, or refuses."""
    return _done(site, visit, Step.SECOND, lambda desk, at: _decide(desk, visit, at))


def answer(site: Site, visit: Visit) -> Response:
    """The Response, once: the page is kept by nobody, and no address leads to it."""
    number = visit.path["number"]
    try:
        given = site.help_desk.answer(visit.who, _at(visit))
    except NotAllowed:
        raise
    except LockwrightError as error:
        return _page(
            site, visit, site.help_desk.case(visit.who, number), wrong=Step.ANSWER, error=error
        )
    with given:
        case = site.help_desk.case(visit.who, number)
        groups = {each: given.groups(each) for each in _languages(case)}
        return site.page(
            "response.html", visit, case=case, groups=groups, again=given.again, typed=Typed()
        )


def send(site: Site, visit: Visit) -> Response:
    """The Response goes to the client's window; it is not shown."""
    return _done(site, visit, Step.ANSWER, lambda desk, at: _send(desk, visit, at))


def not_again(_site: Site, visit: Visit) -> Response:
    """Whoever comes to the address of a Response finds the case."""
    return RedirectResponse(f"{places.CASES}/{visit.path['number']}", 303)


def close(site: Site, visit: Visit) -> Response:
    """How it ended."""
    return _done(site, visit, Step.OUTCOME, lambda desk, at: _close(desk, visit, at))


PAGES = (
    Page("GET", _PLACE, see),
    Page("POST", f"{_PLACE}/verify", verify),
    Page("POST", f"{_PLACE}/request", take_request),
    Page("POST", f"{_PLACE}/words", hear_words),
    Page("POST", f"{_PLACE}/grounds", give_grounds),
    Page("POST", f"{_PLACE}/decision", decide),
    Page("POST", f"{_PLACE}/answer", answer),
    Page("GET", f"{_PLACE}/answer", not_again),
    Page("POST", f"{_PLACE}/send", send),
    Page("POST", f"{_PLACE}/outcome", close),
)


def _verify(desk: HelpDesk, visit: Visit, at: CaseAt) -> _Said:
    desk.verify(visit.who, at, visit.form.get("means", ""))
    return _Said()


def _take(desk: HelpDesk, visit: Visit, at: CaseAt) -> _Said:
    return _Said(desk.take_request(visit.who, at, visit.form.get("request", "")).notes)


def _hear(desk: HelpDesk, visit: Visit, at: CaseAt) -> _Said:
    heard = None if "confirmed" in visit.form else visit.form.get("words", "")
    desk.hear_words(visit.who, at, heard)
    return _Said()


def _grounds(desk: HelpDesk, visit: Visit, at: CaseAt) -> _Said:
    desk.give_grounds(visit.who, at, visit.form.get("reason", ""), visit.form.get("ticket", ""))
    return _Said()


def _decide(desk: HelpDesk, visit: Visit, at: CaseAt) -> _Said:
    visit.who.require(Action.DECIDE)
    agree = _chosen(visit, "decision", {"agree": True, "refuse": False})
    desk.decide(visit.who, at, agree=agree, why=visit.form.get("why", ""))
    return _Said()


def _send(desk: HelpDesk, visit: Visit, at: CaseAt) -> _Said:
    desk.send(visit.who, at)
    return _Said()


def _close(desk: HelpDesk, visit: Visit, at: CaseAt) -> _Said:
    visit.who.require(Action.WORK_ON_CASES)
    outcomes = {each.value: each for each in (Act.WORKED, Act.FAILED, Act.CALL_OFF)}
    outcome = _chosen(visit, "outcome", outcomes)
    desk.close(visit.who, at, outcome, visit.form.get("why", ""))
    return _Said()


def _chosen(visit: Visit, field: str, known: Mapping[str, _T]) -> _T:
    """What was chosen by a button; what nobody chose is not done.

    Raises:
        FormMalformed: none of them was.
    """
    said = visit.form.get(field, "")
    if said not in known:
        raise FormMalformed
    return known[said]


def _done(
    site: Site, visit: Visit, step: Step, act: Callable[[HelpDesk, CaseAt], _Said]
) -> Response:
    """Do it, then show the case; what cannot be done is told where it was tried."""
    number = visit.path["number"]
    try:
        said = act(site.help_desk, _at(visit))
    except (NotAllowed, UnknownCase):
        raise
    except LockwrightError as error:
        case = site.help_desk.case(visit.who, number)
        return _page(site, visit, case, wrong=step, error=error)
    if said.notes:  # what was mended is shown, once
        return _page(site, visit, site.help_desk.case(visit.who, number), notes=said.notes)
    return RedirectResponse(f"{places.CASES}/{number}", 303)


def _page(
    site: Site,
    visit: Visit,
    case: CaseSeen,
    *,
    wrong: Step | None = None,
    error: LockwrightError | None = None,
    notes: tuple[str, ...] = (),
) -> Response:
    typed = Typed(visit.form if wrong else {})
    length = site.request_length(case.token.adapter, case.token.model)
    return site.page(
        "case.html",
        visit,
        status=_status(error),
        case=case,
        steps=steps_of(case),
        history=site.help_desk.history(visit.who, case.number),
        wrong=wrong,
        error=explain(error) if error else None,
        notes=notes,
        typed=typed,
        length=length,
        words_typed=site.settings.words_typed or case.line is not None,
        spoken_languages=_languages(case),
    )


def _status(error: LockwrightError | None) -> int:
    return 200 if error is None else status_of(error)


def _at(visit: Visit) -> CaseAt:
    """The case as the form saw it."""
    revision = number_in(visit.form.get("revision"))
    return CaseAt(visit.path["number"], -1 if revision is None else revision)


def _languages(case: CaseSeen) -> tuple[str, ...]:
    """In which languages something is read aloud: the client's first, then the other."""
    first = case.client.language if case.client.language in {"en", "ru"} else language()
    return ("ru", "en") if first == "ru" else ("en", "ru")
