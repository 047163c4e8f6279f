"""``lockwright-kit evidence add``: the report of a real token goes beside the adapter it is of."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from lockwright.console.clean import clean
from lockwright.console.framework import Place, argument, option

from lockwright_testkit.cli.errors import (
    NoEvidence,
    ReportMisnamed,
    ReportOfAnother,
    ReportUnfinished,
    ReportUnsigned,
    SignatureWrong,
)
from lockwright_testkit.cli.evidence_file import file_of, keep
from lockwright_testkit.cli.program import PROGRAM, Run, command
from lockwright_testkit.cli.reports import read_report, report_in
from lockwright_testkit.evidence.kinds import KINDS, REAL
from lockwright_testkit.tiers import FILE

if TYPE_CHECKING:
    from lockwright_testkit.evidence.project import Project

HELP = f"""Put the report of an acceptance beside the adapter that it is of.

It is held against its record, its signature against a CA, and both against the project: adapter and
version must be the project's, no step may have failed, and none be left for another day. Report and
signature are copied into the package, and {FILE} says what each hook did. A report of the same
token that was there before is replaced. What the adapter claims is left as it is."""

evidence = PROGRAM.group(
    "evidence",
    places={
        "add": Place(__name__, "add", "Put the report of a real token beside its adapter."),
        "suite": Place(f"{__name__}_suite", "suite", "Write down what the suite found."),
    },
    text="What is known of an adapter, for those who choose.",
)


@command("add", text=HELP)
@argument(
    "report",
    text="The folder that certify made, or its report.json; the signature lies beside it.",
    type=click.Path(path_type=Path),
)
@option(
    "--ca",
    text="Certificates of the CA that the signature must lead to, PEM.",
    metavar="FILE",
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
)
@option(
    "--kind",
    text="What the token is: software is what no person can hold.",
    type=click.Choice(KINDS),
    default=REAL,
)
@option(
    "--folder",
    text="Where the adapter's project is; the current folder if not given.",
    metavar="PATH",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=Path(),
)
def add(run: Run, report: Path, *, ca: Path, kind: str, folder: Path) -> None:
    """Check and copy."""
    from lockwright_testkit.evidence.entry import entry  # noqa: PLC0415  # slow to import
    from lockwright_testkit.evidence.reports import signature_of  # noqa: PLC0415

    file = report_in(report).absolute()
    told = read_report(file)
    project = _project(folder)
    place = file_of(folder)
    signer = _signer(file, ca)
    _hold_against(file, told, project, kind)
    new = entry(told, kind, signer)
    copy = place.with_name(new.report)
    keep(place, new, {copy: file, signature_of(copy): signature_of(file)})
    run.output.answer(
        lambda: {
            "evidence": str(place),
            "token": new.token,
            "kind": new.kind,
            "report": new.report,
            "signer": new.signer,
            "hooks": dict(new.hooks),
        },
        lambda console: console.print(
            clean(f"{place} tells of {new.token} now, signed by {new.signer}.")
        ),
    )


def _project(folder: Path) -> Project:
    from lockwright_testkit.evidence.project import NoProject, project_in  # noqa: PLC0415

    try:
        return project_in(folder.absolute())
    except NoProject as error:
        raise NoEvidence(folder=str(folder.absolute()), reason=str(error)) from None


def _signer(file: Path, ca: Path) -> str:
    """Who signed a report."""
    from lockwright_testkit import cms  # noqa: PLC0415
    from lockwright_testkit.evidence.reports import signature_of  # noqa: PLC0415

    signature = signature_of(file)
    if not signature.is_file():
        raise ReportUnsigned(file=str(file), signature=signature.name)
    if found := [*cms.faults(signature, file, ca)]:
        raise SignatureWrong(file=str(signature), reason=found[0])
    return cms.signer(signature, file, ca)


def _hold_against(file: Path, told: Mapping[str, Any], project: Project, kind: str) -> None:
    """Refuse a report that says nothing of this adapter as it is."""
    from lockwright_testkit.evidence.project import named, same_version  # noqa: PLC0415
    from lockwright_testkit.evidence.reports import of_another, what_it_was  # noqa: PLC0415
    from lockwright_testkit.evidence.words import left_open  # noqa: PLC0415

    origin = told["versions"]["adapter"]
    if of_another(told, project) or not same_version(named(origin)[1], project.version):
        raise ReportOfAnother(
            file=str(file), accepted=origin or "no adapter", project=project.origin
        )
    if was := what_it_was(told, kind):
        raise ReportMisnamed(file=str(file), was=was, kind=kind)
    if steps := [*left_open(told)]:
        raise ReportUnfinished(file=str(file), steps="; ".join(steps))
