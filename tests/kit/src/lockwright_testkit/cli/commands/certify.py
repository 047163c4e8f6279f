"""``lockwright-kit certify``: a person accepts a real token."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from lockwright.console.clean import clean
from lockwright.console.framework import option
from lockwright.console.numbers import WholeNumber
from lockwright.errors import AuditUnwritable

from lockwright_testkit.acceptance.plan import LAST, LOSSES, LOST_FOR_GOOD, STEPS, Planned
from lockwright_testkit.cli.acceptance_folder import alone, check_place, make, noted
from lockwright_testkit.cli.errors import (
    AnswersMissing,
    FolderUnusable,
    NotConfirmed,
    OtherToken,
    SecretGivenTwice,
    TokenUnsuitable,
)
from lockwright_testkit.cli.program import Run, command

if TYPE_CHECKING:
    from lockwright.models import Token
    from lockwright.secret import Secret

HELP = """Accept a real token: it is asked for all that the simulator only assumes of it, and the
report says what it answered, in how many calls and seconds, with every version.

What the token would lose is said before, and its serial number has to be typed. Where hands are
needed, one step at a time is asked for; type stop to go on another time, with --resume. Keep the
token for tests afterwards, or initialise it."""
UNFINISHED = 1
"""Exit code of an acceptance that goes on another time: it was stopped, or a step failed."""
_STOP = frozenset({"stop", "s"})


@command("certify", text=HELP)
@option(
    "--token",
    "serial",
    required=True,
    metavar="SERIAL",
    text="Which token; a PKCS#11 URI where two have one number.",
)
@option(
    "--module",
    "modules",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="PATH",
    text="The PKCS#11 module that shows it; may be repeated. The adapters' own if not given.",
)
@option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="PATH",
    text="Where record and report are kept; certify-SERIAL if not given.",
)
@option("--resume", is_flag=True, text="Go on with an acceptance that was stopped.")
@option("--confirm", default="", metavar="SERIAL", text="The serial number, instead of typing it.")
@option("--without-hands", is_flag=True, text="Leave out what a person has to do to the token.")
@option("--without-so", is_flag=True, text="Nobody knows the SO PIN: leave out what takes it.")
@option("--lock-so", is_flag=True, text="At last lock the SO PIN for good, to count its tries.")
@option("--personality", default="", metavar="NAME", text="The personality that is like it.")
@option("--pin-file", metavar="FILE", text="File with the user PIN, readable by its owner only.")
@option("--pin-fd", type=WholeNumber(), metavar="N", text="Descriptor to read the user PIN from.")
@option("--so-pin-file", metavar="FILE", text="File with the SO PIN, readable by its owner only.")
@option("--so-pin-fd", type=WholeNumber(), metavar="N", text="Descriptor to read the SO PIN from.")
def certify(run: Run, *, serial: str, folder: Path | None, **given: Any) -> int:
    """Accept a token, or go on with it."""
    from lockwright import Runner, load  # noqa: PLC0415  # slow to import
    from lockwright.policy import PinPolicy  # noqa: PLC0415

    from lockwright_testkit.acceptance.facts import reserved  # noqa: PLC0415  # the same
    from lockwright_testkit.acceptance.record import Record  # noqa: PLC0415
    from lockwright_testkit.acceptance.running import Acceptance, Stopped  # noqa: PLC0415

    with ExitStack() as stack:
        modules = tuple(each.absolute() for each in given["modules"])
        # The token's own rules are asked for, not the bank's.
        config = replace(load(), policy=PinPolicy())
        runner = stack.enter_context(Runner(config, modules=modules))
        token = runner.find(serial)
        _check_kind(token)
        where = (folder or Path(f"certify-{token.serial}")).absolute()
        record = Record(where)
        check_place(where, record, resume=given["resume"])
        if given["resume"]:
            stack.enter_context(alone(where, record))
            _check_same(where, record, token)
        _consent(run, token, given)
        pin = stack.enter_context(_secret(run, "pin", "user PIN", given))
        so_pin = None
        if not given["without_so"]:
            so_pin = stack.enter_context(_secret(run, "so_pin", "SO PIN", given))
        if not given["resume"]:
            make(where)
            stack.enter_context(alone(where, record))
            _begin(runner, token, record, where, given["personality"])
        hands = None if given["without_hands"] or not run.terminal.there else _Person(run)
        wanted = reserved(runner, token)
        acceptance = Acceptance(runner, serial, token, pin, so_pin, record, hands, wanted)
        steps = (*STEPS, LAST) if given["lock_so"] else STEPS
        stopped = False
        with noted(where):
            try:
                acceptance.run(steps)
            except Stopped:
                stopped = True
            finally:
                report = _written(where, record)
    _tell(run, where, report, stopped=stopped)
    return UNFINISHED if stopped or _failed(report) else 0


def _failed(report: dict[str, Any]) -> bool:
    """Whether a step has to be done again."""
    return any(each["outcome"] not in {"ok", "skipped"} for each in report["steps"])


def _check_kind(token: Token) -> None:
    """Refuse what cannot be asked at all."""
    identity = token.identity
    for unsuitable, reason in (
        (identity.pin_pad, "its PINs are typed at a pad of its own, dozens of times here"),
        (identity.write_protected, "nothing on it can be changed"),
        (not token.serial, "it has no serial number"),
    ):
        if unsuitable:
            raise TokenUnsuitable(serial=token.name, reason=reason)


def _check_same(where: Path, record: Any, token: Token) -> None:
    from lockwright_testkit.acceptance.record import begun  # noqa: PLC0415

    serial = begun(record.lines())["token"]["serial"]
    if serial != token.serial:
        raise OtherToken(folder=str(where), serial=serial)


def _consent(run: Run, token: Token, given: dict[str, Any]) -> None:
    """Say what would be lost, and have the serial number typed."""
    losses = [*LOSSES, LOST_FOR_GOOD] if given["lock_so"] else LOSSES
    run.terminal.tell(f"What this does to the token {clean(token.serial)}:")
    for loss in losses:
        run.terminal.tell(f"- {loss}")
    typed = given["confirm"]
    if not typed:
        if not run.terminal.there:
            raise AnswersMissing(options="--confirm")
        typed = run.terminal.line("Type its serial number to go on:")
    if typed.lower() != token.serial.lower():
        raise NotConfirmed(serial=token.serial)


@contextmanager
def _secret(run: Run, name: str, told: str, given: dict[str, Any]) -> Iterator[Secret]:
    """A PIN from where it was given, or from the person; wiped at the end."""
    from lockwright.console.secret_files import from_descriptor, from_file  # noqa: PLC0415

    file, descriptor = given[f"{name}_file"], given[f"{name}_fd"]
    stem = name.replace("_", "-")
    if file is not None and descriptor is not None:
        raise SecretGivenTwice(option=stem)
    if file is not None:
        secret = from_file(file)
    elif descriptor is not None:
        secret = from_descriptor(descriptor)
    elif run.terminal.there:
        secret = run.terminal.secret(told)
    else:
        raise AnswersMissing(options=f"--{stem}-file")
    with secret:
        yield secret


def _begin(runner: Any, token: Token, record: Any, where: Path, personality: str) -> None:
    from lockwright_testkit.acceptance.facts import facts  # noqa: PLC0415

    told = facts(runner, token, personality)
    try:
        record.begin(told)
    except AuditUnwritable as error:
        raise FolderUnusable(folder=str(where), reason=str(error.facts["reason"])) from None


def _written(where: Path, record: Any) -> dict[str, Any]:
    """Make the report anew, in its three forms."""
    from lockwright.files import durable  # noqa: PLC0415

    from lockwright_testkit.acceptance import pages, report  # noqa: PLC0415

    made = report.document(record.lines())
    for name, text in (
        ("report.json", json.dumps(made, indent=2, ensure_ascii=False) + "\n"),
        ("report.md", pages.markdown(made)),
        ("report.html", pages.html(made)),
    ):
        durable.replace(where / name, text.encode(errors="backslashreplace"))
    return made


def _tell(run: Run, where: Path, report: dict[str, Any], *, stopped: bool) -> None:
    open_ = [each for each in report["steps"] if each["outcome"] != "ok"]
    run.output.answer(
        lambda: {
            "folder": str(where),
            "stopped": stopped,
            "steps": report["steps"],
            "answered": sum(bool(each["answer"]) for each in report["answers"]),
            "open": [each["question"] for each in report["answers"] if not each["answer"]],
            "end": report["end"],
        },
        lambda console: console.print(
            "\n".join(_lines(where, open_, again=stopped or _failed(report)))
        ),
    )


def _lines(where: Path, open_: list[dict[str, Any]], *, again: bool) -> Iterator[str]:
    left = {each.name: each.cuts for each in (*STEPS, LAST)}
    for each in open_:
        why = each["reason"] or left.get(each["name"], "")
        yield clean(f"{each['name']}: {', '.join(filter(None, (each['outcome'], why)))}")
    yield f"The report is in {clean(str(where))}: report.html, report.md, report.json."
    if again:
        yield f"Go on with: lockwright-kit certify --resume --folder {shlex.quote(str(where))} ..."


class _Person:
    """The person at the terminal."""

    def __init__(self, run: Run) -> None:
        self._terminal = run.terminal

    def begins(self, step: Planned) -> None:
        left = f" If it is cut short: {step.cuts}." if step.cuts else ""
        self._terminal.say(f"{step.name}: {step.title}.{left}")

    def asks(self, what: str) -> None:
        from lockwright_testkit.acceptance.running import Stopped  # noqa: PLC0415

        if self._terminal.line(f"{what} Enter goes on, stop ends it for now:").lower() in _STOP:
            raise Stopped

    def waits(self, what: str) -> None:
        self._terminal.say(f"Waiting until it is {what} ...")
