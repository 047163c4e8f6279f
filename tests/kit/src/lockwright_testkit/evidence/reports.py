"""Whether the report of an acceptance may stand for an adapter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lockwright.errors import AuditError

from lockwright_testkit import cms
from lockwright_testkit.acceptance.report import Changed, Document, read
from lockwright_testkit.evidence.entry import entry
from lockwright_testkit.evidence.kinds import REAL, SIMULATOR
from lockwright_testkit.evidence.project import NoProject, Project, named, project_in
from lockwright_testkit.evidence.words import left_open

SOFT_MAKERS = frozenset({"SoftHSM project"})
"""``CK_TOKEN_INFO.manufacturerID`` of what is known to be software (SoftHSM's own)."""


def signature_of(report: Path) -> Path:
    """Where the signature of a report lies."""
    return report.with_name(f"{report.name}{cms.ENDING}")


def of_another(report: Mapping[str, Any], project: Project) -> bool:
    """Whether a report is of another adapter than a project's, whatever the version."""
    name = named(report["versions"]["adapter"])[0]
    return name != project.name or report["token"]["adapter"] not in project.adapters


def what_it_was(report: Mapping[str, Any], kind: str) -> str:
    """What is known of the token that a kind denies; empty if nothing is.

    Args:
        report: as ``acceptance.report.read`` gives it.
        kind: of ``kinds.KINDS``.
    """
    if report["simulated"] is not (kind == SIMULATOR):
        return "the kit's simulator" if report["simulated"] else "no simulated token"
    maker = report["token"]["manufacturer"]
    return f"a token of software ({maker})" if kind == REAL and maker in SOFT_MAKERS else ""


def disagreements(
    file: Path, told: Mapping[str, Any], project: Path, ca: Path | None
) -> Iterator[str]:
    """What a report beside an adapter does not bear out, a sentence each.

    Args:
        file: the report.
        told: what ``evidence.toml`` says of the token.
        project: the folder with its ``pyproject.toml``.
        ca: certificates of the CA that the signature must lead to; None: only that there is one.
    """
    try:
        report = read(file.read_text("utf-8"))
        of = project_in(project)
    except (OSError, UnicodeDecodeError, Changed, AuditError) as error:
        yield f"its report cannot be relied on: {error}"
        return
    except NoProject as error:
        yield f"its report cannot be held against the project: {error}"
        return
    if not signature_of(file).is_file():
        yield "nobody signed its report"
    elif ca is not None:
        yield from _signed_otherwise(file, told, ca)
    if of_another(report, of):
        yield f"its report is of {report['versions']['adapter'] or 'another adapter'}"
    if was := what_it_was(report, str(told.get("kind"))):
        yield f"its report is of {was}"
    yield from (f"its report shows that {each}" for each in left_open(report))
    yield from _said_otherwise(report, told)


def _signed_otherwise(file: Path, told: Mapping[str, Any], ca: Path) -> Iterator[str]:
    signature = signature_of(file)
    found = [*cms.faults(signature, file, ca)]
    yield from (f"{signature.name} {each}" for each in found)
    if not found and told.get("signer") != cms.signer(signature, file, ca):
        yield "somebody else signed its report"


def _said_otherwise(report: Document, told: Mapping[str, Any]) -> Iterator[str]:
    says = entry(report, str(told.get("kind")), "")
    for name, there in (
        ("token", says.token),
        ("version", says.version),
        ("bindings", list(says.bindings)),
        ("hooks", dict(says.hooks)),
        ("since", says.since),
    ):
        if told.get(name) != there:
            yield f"its report says something else about {name}"
