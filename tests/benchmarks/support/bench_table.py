"""The targets and what came of them, as rows of words: for a terminal and for a page."""

from __future__ import annotations

from bench_figures import Figure, Judged, Report

HEAD = ("work", "measured", "target", "share", "met", "before", "times better", "others")
_SPREAD = 0.02
"""Rounds that differ by less are told by their median alone."""
_EXACT = 100


def rows(report: Report) -> list[tuple[str, ...]]:
    """A row for each target, of as many cells as ``HEAD``."""
    return [_row(each) for each in report.judged]


def text(report: Report) -> str:
    """The table in columns, with what was met of it."""
    table = [HEAD, *rows(report)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in table]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join([*lines, "", summary(report)])


def summary(report: Report) -> str:
    """How many targets are met, in a sentence."""
    judged = [each.met for each in report.judged]
    met, missed = judged.count(True), judged.count(False)
    said = f"{met} of {met + missed} targets are met"
    if rest := judged.count(None):
        said += f"; {rest} could not be judged"
    return f"{said}."


def number(value: float) -> str:
    """A number with three digits that count; thousands are told whole."""
    if value >= _EXACT or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _row(judged: Judged) -> tuple[str, ...]:
    target, figure = judged.target, judged.figure
    return (
        _work(judged),
        f"{_value(figure)} {figure.unit}",
        target.words,
        "" if judged.share is None else f"{judged.share:.0%}",
        {True: "yes", False: "no", None: "-"}[judged.met],
        "" if judged.before is None else _value(judged.before),
        "" if judged.gain is None else f"{judged.gain:.1f}",
        ", ".join(f"{each.who} {number(each.median)}" for each in judged.peers),
    )


def _work(judged: Judged) -> str:
    """What was done, on what, over what."""
    target = judged.target
    size = "" if target.size is None else f", {target.size:,} {target.things}"
    over = target.who.partition("/")[2]
    return f"{target.work}{size}{f', {over}' if over else ''}"


def _value(figure: Figure) -> str:
    least, most = min(figure.values), max(figure.values)
    told = number(figure.median)
    if most - least <= _SPREAD * most:
        return told
    return f"{told} ({number(least)} to {number(most)})"
