"""The report for people: Markdown, and HTML without anything from elsewhere. Both of the JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Any

from lockwright.console.clean import clean

Row = Sequence[str]
Block = tuple[str, Row, list[Row]]
"""A heading, the heads of the columns, the rows."""
_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse}td,th{border:1px solid #999;padding:.2em .6em;text-align:left}"
)


def markdown(report: dict[str, Any]) -> str:
    """The report as Markdown."""
    lines = [f"# {_title(report)}", "", _end(report), ""]
    for heading, heads, rows in _filled(report):
        lines += [f"## {heading}", "", _line(heads), _line("---" for _ in heads)]
        lines += [*(_line(map(_cell, row)) for row in rows), ""]
    return "\n".join(lines)


def html(report: dict[str, Any]) -> str:
    """The report as one HTML file."""
    parts = [
        "<!DOCTYPE html>",
        f'<html lang="en"><meta charset="utf-8"><title>{escape(_title(report))}</title>',
        f"<style>{_STYLE}</style><h1>{escape(_title(report))}</h1><p>{escape(_end(report))}</p>",
    ]
    for heading, heads, rows in _filled(report):
        parts.append(f"<h2>{escape(heading)}</h2><table>")
        parts.append("<tr>" + "".join(f"<th>{escape(each)}</th>" for each in heads) + "</tr>")
        parts += [
            "<tr>" + "".join(f"<td>{escape(clean(each))}</td>" for each in row) + "</tr>"
            for row in rows
        ]
        parts.append("</table>")
    return "\n".join([*parts, "</html>", ""])


def _title(report: dict[str, Any]) -> str:
    token = report["token"]
    return clean(f"Acceptance of {token['model']} {token['serial']}")


def _end(report: dict[str, Any]) -> str:
    end = report["end"]
    return (
        f"{report['begun']} to {report['ended']}. The record has {end['seq']} lines; the hash of "
        f"the last is {end['hash']}."
    )


def _filled(report: dict[str, Any]) -> Iterator[Block]:
    """The parts that have something to say: a token of no known vendor has no open questions."""
    return (block for block in _blocks(report) if block[2])


def _blocks(report: dict[str, Any]) -> Iterator[Block]:
    simulated = {"simulated": "yes, it is the kit's simulator"} if report["simulated"] else {}
    yield "The token", ("what", "value"), _pairs({**report["token"], **simulated})
    yield "Versions", ("of", "version"), _pairs(report["versions"])
    yield "Hooks", ("hook", "who answers"), _pairs(report["hooks"])
    yield (
        "Steps",
        ("step", "outcome", "why", "seconds"),
        [
            (each["name"], each["outcome"], each["reason"], f"{each['seconds']:.3f}")
            for each in report["steps"]
        ],
    )
    yield (
        f"What {report['personality']} had yet to have confirmed",
        ("question", "answer"),
        [(each["question"], _told(each["answer"]) or "open") for each in report["answers"]],
    )
    yield "What the token showed", ("setting", "value"), _pairs(report["seen"])
    yield "Calls and seconds", ("step", "function", "calls", "median ms"), _functions(report)
    yield "Operations", ("operation", "seconds"), _operations(report)
    yield "To be asked of the vendor", ("question",), [(each,) for each in report["data_sheet"]]


def _functions(report: dict[str, Any]) -> list[Row]:
    return [
        (step["step"], name, str(int(each["calls"])), f"{each['median'] * 1000:.3f}")
        for step in report["measured"]
        for name, each in step["functions"].items()
    ]


def _operations(report: dict[str, Any]) -> list[Row]:
    return [
        (name, f"{seconds:.3f}")
        for step in report["measured"]
        for name, seconds in step["operations"].items()
    ]


def _pairs(told: dict[str, Any]) -> list[Row]:
    return [(name, str(value)) for name, value in told.items()]


def _told(answer: dict[str, str]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in answer.items())


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return (
        clean(text)
        .replace("\\", "\\\\")
        .replace("|", "\\|")
        .replace("<", "&lt;")
        .replace("\n", " ")
    )
