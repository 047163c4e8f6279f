"""``lockwright-kit evidence suite``: what the suite found goes into the adapter's file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import click
from lockwright.bindings import BINDINGS
from lockwright.console.clean import clean
from lockwright.console.framework import argument, option

from lockwright_testkit.cli.errors import HookFails, ReportUnread, TitleUnknown
from lockwright_testkit.cli.evidence_file import file_of, keep
from lockwright_testkit.cli.program import Run, command
from lockwright_testkit.evidence.kinds import SIMULATOR, SOFTWARE
from lockwright_testkit.tiers import FILE

HELP = f"""Write down what the conformance suite found, as pytest --lockwright-report=FILE has it.

{FILE} gets the token of one title, or that title's words anew, and since when it has been so: the
day is kept where every word is as it was. A report in which a hook fails is refused."""


@command("suite", text=HELP)
@argument(
    "report",
    text="What pytest wrote with --lockwright-report.",
    type=click.Path(path_type=Path, dir_okay=False),
)
@option("--token", "title", metavar="TITLE", text="Which token of the report, if it has several.")
@option(
    "--kind",
    text="What the token is.",
    type=click.Choice((SIMULATOR, SOFTWARE)),
    default=SIMULATOR,
)
@option(
    "--binding",
    "bindings",
    text="Over which binding it ran; may be repeated.",
    type=click.Choice(list(BINDINGS)),
    multiple=True,
    required=True,
)
@option(
    "--folder",
    text="Where the adapter's project is; the current folder if not given.",
    metavar="PATH",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=Path(),
)
def suite(
    run: Run, report: Path, *, title: str | None, kind: str, bindings: tuple[str, ...], folder: Path
) -> None:
    """Read and write down."""
    from lockwright_testkit.evidence.entry import Entry  # noqa: PLC0415  # slow to import

    found = _found(report.absolute())
    if title not in found if title else len(found) != 1:
        raise TitleUnknown(file=str(report), titles=", ".join(found) or "none")
    token, hooks = next((name, told) for name, told in found.items() if title in (None, name))
    place = file_of(folder)
    new = Entry(token, kind, tuple(dict.fromkeys(bindings)), _since(place, token, hooks), hooks)
    keep(place, new, {})
    run.output.answer(
        lambda: {"evidence": str(place), "token": token, "kind": kind, "hooks": dict(hooks)},
        lambda console: console.print(clean(f"{place} tells of {token} now.")),
    )


def _found(report: Path) -> Mapping[str, Mapping[str, str]]:
    """The words of each title."""
    from lockwright_testkit.acceptance.once import loads  # noqa: PLC0415  # slow to import

    try:
        told = loads(report.read_text("utf-8"))
        found = {
            str(title): {str(hook): str(word) for hook, word in words.items()}
            for title, words in told.items()
        }
        for title, words in found.items():
            "".join((title, *words, *words.values())).encode()  # or it is none that is written down
    except OSError as error:
        raise ReportUnread(file=str(report), reason=error.strerror) from None
    except (ValueError, AttributeError, RecursionError):
        raise ReportUnread(file=str(report), reason="it is none of the suite") from None
    failing = [f"{hook} on {title}" for title, words in found.items() for hook in _failing(words)]
    if failing:
        raise HookFails(file=str(report), hooks=", ".join(failing))
    return found


def _failing(words: Mapping[str, str]) -> list[str]:
    from lockwright_testkit.conformance.report import FAILS  # noqa: PLC0415  # slow to import

    return [hook for hook, word in words.items() if word == FAILS]


def _since(place: Path, token: str, hooks: Mapping[str, str]) -> date:
    """Since when the hooks have done so: the day of before, where nothing is new."""
    from lockwright_testkit.evidence.text import Odd, content_of  # noqa: PLC0415

    today = datetime.now(UTC).date()
    try:
        tested = content_of(place.read_text("utf-8")).get("tested", [])
    except (OSError, UnicodeDecodeError, Odd):  # which is told when it is written
        return today
    before = [each for each in tested if each.get("token") == token and "report" not in each]
    same = bool(before) and before[0].get("hooks") == dict(hooks)
    since = before[0].get("since") if same else None
    return since if isinstance(since, date) else today
