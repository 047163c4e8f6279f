"""pytest's part: takes a declared ``NotSupported`` for an answer, and reports hook by hook."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Generator, Mapping
from pathlib import Path

import pytest
from lockwright.contract.adapter_class import not_offered_on, own_answers

from lockwright_testkit.conformance.bench import Bench
from lockwright_testkit.conformance.hook_caller import Missing, NotOffered
from lockwright_testkit.conformance.report import (
    FAILS,
    NOT_OFFERED,
    NOT_TESTED,
    WORKS,
    Results,
)
from lockwright_testkit.conformance.suite import Conformance

_MARK, _TEST = "lockwright", "lockwright test"
_LEFT_OUT = "left out of this run"
_HOOKS = "lockwright_testkit.conformance.hooks."


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the conformance suite."""
    group = parser.getgroup("lockwright", "conformance of a lockwright adapter")
    group.addoption(
        "--lockwright-adapter",
        metavar="NAME",
        help="the installed adapter to test; needed only if there are several",
    )
    group.addoption(
        "--lockwright-token",
        metavar="KIND",
        default="plain",
        help="softhsm, or a personality of the simulator (default: plain)",
    )
    group.addoption(
        "--lockwright-set",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="a setting of the simulated token, such as model=Acme",
    )
    group.addoption(
        "--lockwright-report", metavar="FILE", type=Path, help="write what was found as JSON"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Gather what the tests find."""
    config.pluginmanager.register(_Reporter(config.getoption("--lockwright-report")))


def pytest_itemcollected(item: pytest.Item) -> None:
    """A test of the contract tells its token and its hook, whatever becomes of it."""
    if place := _place(item):
        kind, hook = place
        item.user_properties.append((_MARK, (kind.title or kind.__name__, hook, WORKS)))
        item.user_properties.append((_TEST, item.name.partition("[")[0]))


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """``NotSupported`` is an answer where the adapter declares it, and only there."""
    place = _place(pyfuncitem)
    if place is None:
        return (yield)
    kind, hook = place
    declared = _declared(pyfuncitem)
    try:
        yield
    except NotOffered as error:
        reason = _accepted(error, hook, declared)
    else:
        _skip_what_was_not_tested(pyfuncitem)
        if declared and hook in declared:
            pytest.fail(f"lockwright_{hook} works: take it out of not_offered", pytrace=False)
        return True
    told = [each for each in pyfuncitem.user_properties if each[0] != _MARK]
    pyfuncitem.user_properties[:] = [*told, (_MARK, (kind.title or kind.__name__, hook, reason))]
    return True


def _skip_what_was_not_tested(item: pytest.Function) -> None:
    """What a test could not look at keeps it from having passed."""
    bench = item.funcargs.get("bench")
    if isinstance(bench, Bench) and bench.untested:
        pytest.skip("; ".join(bench.untested))


def _accepted(error: NotOffered, hook: str, declared: Mapping[str, str] | None) -> str:
    """Why a hook is not offered; fails the test if nobody said so."""
    if isinstance(error, Missing):
        pytest.fail(str(error), pytrace=False)
    if error.hook != hook:
        pytest.fail(f"this test needs what is not offered: {error}", pytrace=False)
    if declared is None:
        return NOT_OFFERED
    if hook not in declared:
        pytest.fail(f"{error}\nIf the token cannot, name it in not_offered.", pytrace=False)
    return declared[hook]


def _declared(item: pytest.Function) -> Mapping[str, str] | None:
    """What the adapter of a test says that it does not offer; None if it says no such things."""
    bench = item.funcargs.get("bench")
    if isinstance(bench, Bench):
        return bench.declared
    subject = item.funcargs.get("subject")
    answers = own_answers(getattr(subject, "adapter", None))
    return None if answers is None else not_offered_on("", answers)


def _place(item: pytest.Item) -> tuple[type[Conformance], str] | None:
    """The class of a test of the contract, and the hook, which its file is named after."""
    if not isinstance(item, pytest.Function) or not item.function.__module__.startswith(_HOOKS):
        return None
    kind = item.cls
    if kind is None or not issubclass(kind, Conformance):
        return None
    return kind, item.function.__module__.removeprefix(_HOOKS)


def _asked(hook: str) -> set[str]:
    """Every test of a hook, however few a run was asked for."""
    return {
        name
        for name in dir(Conformance)
        if name.startswith("test_") and getattr(Conformance, name).__module__ == _HOOKS + hook
    }


def _became(report: pytest.TestReport) -> str:
    """The word for a test that failed, or that was not made; empty for one that passed.

    One that was expected to fail does so, whoever expected it.
    """
    if report.failed or hasattr(report, "wasxfail"):
        return FAILS
    if not report.skipped:
        return ""
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple | list) else report.longrepr
    return NOT_TESTED + str(reason).removeprefix("Skipped: ")


class _Reporter:
    """Shows the table at the end, and writes it where it was asked for.

    Args:
        file: where to; None: nowhere.
    """

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._results = Results()
        self._made: dict[tuple[str, str], set[str]] = defaultdict(set)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" and report.passed:
            return
        properties = dict(report.user_properties)
        told = properties.get(_MARK)
        if isinstance(told, tuple | list):
            title, hook, outcome = told
            self._results.add(title, hook, _became(report) or outcome)
            self._made[title, hook].add(str(properties[_TEST]))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for (title, hook), made in self._made.items():
            if _asked(hook) - made:
                self._results.add(title, hook, NOT_TESTED + _LEFT_OUT)
        lines = list(self._results.table())
        if lines:
            terminalreporter.section("hooks of the contract")
            for line in lines:
                terminalreporter.write_line(line)
        if self._file:
            self._file.write_text(json.dumps(self._results.words(), indent=2) + "\n")
