"""How much is known of an adapter: three tiers, each with rules that are looked at, not believed.

The claim lies beside the adapter, in ``evidence.toml`` of its package, so it comes with the adapter
to whoever chooses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from lockwright.errors import reason_of

from lockwright_testkit.evidence.kinds import KINDS, REAL
from lockwright_testkit.evidence.text import Odd, content_of

FILE = "evidence.toml"
"""Name of the file in the adapter's package."""
TIERS = {
    "written": "It is there. Nothing is promised.",
    "tested": "Its project has the conformance suite as a test, the suite's result is written down"
    " for at least one token, simulated or of software; it has a README, and somebody who answers"
    " for it.",
    "confirmed": "The same, and a person has had a real token do it: the report of that lies beside"
    " the adapter, signed, and says what the adapter says of it.",
}
"""What each tier says, the lowest first."""


def evidence_in(project: Path) -> Path | None:
    """The file of an adapter's project; None if there is none.

    Args:
        project: the folder with its ``pyproject.toml``.
    """
    return next(iter(sorted(project.glob(f"src/*/{FILE}"))), None)


def broken_rules(project: Path, ca: Path | None = None) -> Iterator[str]:
    """What an adapter's project claims and cannot show, a sentence each.

    Args:
        project: the folder with its ``pyproject.toml``.
        ca: certificates of the CA that the signatures of reports must lead to, PEM; None: that a
            report is signed is looked at, and not by whom.
    """
    file = evidence_in(project)
    if file is None:
        yield f"its package has no {FILE}"
        return
    try:
        content = content_of(file.read_text("utf-8"))
    except (Odd, UnicodeDecodeError) as error:
        yield f"{FILE} cannot be read: {error}"
        return
    except OSError as error:
        yield f"{FILE} cannot be read: {reason_of(error)}"
        return
    claim, tested = content.get("claim", {}), content.get("tested", [])
    tier = claim.get("tier")
    if tier not in list(TIERS):
        yield f"there is no tier {tier!r}; there are {', '.join(TIERS)}"
        return
    for each in tested:
        yield from _of_a_token(each)
        if each.get("kind") == REAL or "report" in each:
            yield from (f"{each.get('token', '?')}: {why}" for why in _of_a_report(each, file, ca))
    if tier != "written":
        yield from _of_tested(project, claim, tested)
    if tier == "confirmed" and not any(each.get("kind") == REAL for each in tested):
        yield "no real token was seen"


def _of_tested(
    project: Path, claim: Mapping[str, Any], tested: list[Mapping[str, Any]]
) -> Iterator[str]:
    if not tested:
        yield "nothing was tested"
    elif all("report" in each for each in tested):
        yield "the suite's result is not written down for any token"
    if not claim.get("maintainer"):
        yield "nobody answers for it"
    if not any(file.is_file() for file in project.glob("README*")):
        yield "it has no README"
    suites = (file for file in project.glob("tests/**/test_*.py") if file.is_file())
    if not any(b"lockwright_testkit.conformance" in file.read_bytes() for file in suites):
        yield "its tests do not have the conformance suite"


def _of_a_token(each: Mapping[str, Any]) -> Iterator[str]:
    name, kind = each.get("token", "?"), each.get("kind")
    if kind not in KINDS:
        yield f"{name}: there is no kind {kind!r}; there are {', '.join(KINDS)}"
    if not each.get("bindings") or not each.get("hooks"):
        yield f"{name}: bindings or hooks are missing"
    if not isinstance(each.get("since"), date):
        yield f"{name}: since when is missing"


def _of_a_report(each: Mapping[str, Any], file: Path, ca: Path | None) -> Iterator[str]:
    """What is wrong with the report of a token that a person accepted."""
    from lockwright_testkit.evidence.reports import disagreements  # noqa: PLC0415  # slow

    report = str(each.get("report") or "")
    if not report or Path(report).name != report or not (file.parent / report).is_file():
        yield "the report of it is not beside the adapter"
        return
    yield from disagreements(file.parent / report, each, file.parents[2], ca)
