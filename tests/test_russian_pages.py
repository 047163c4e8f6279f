"""The Russian pages say what the English ones say, and quote the program in its own words."""

from __future__ import annotations

import gettext
import os
import re
from collections import Counter
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent
RUSSIAN = sorted((REPOSITORY / "docs" / "ru").glob("*.md"))
CATALOGUE = REPOSITORY / "core/src/lockwright/locales/ru/LC_MESSAGES/lockwright.mo"

_FENCE = re.compile(r"^ *```(?P<kind>[\w-]*)\n(?P<text>.*?)^ *```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")
_VALUE = re.compile(r"\S*\d\S*")
_STRUCTURE = re.compile(r"^( *)(#+|-|\d+\.|\|)", re.MULTILINE)
_WRAPPED = 85
"""A line that is longer goes on in the next."""
_FIELD = re.compile(r"\\\{[^{}]*\\\}")


def english(page: Path) -> Path:
    return REPOSITORY / "docs" / "how-to" / page.name


def told(page: Path) -> str:
    """A page without its line to the other language."""
    return re.sub(
        r"^\[(?:По-русски|In English)\].*\n",
        "",
        page.read_text("utf-8"),
        count=1,
        flags=re.MULTILINE,
    )


def is_of_window(page: Path) -> bool:
    """Whether it is about the window, whose pictures show what is said there."""
    return page.stem.endswith("-in-the-window")


def fences(page: Path) -> list[tuple[str, str]]:
    return [(found["kind"], found["text"]) for found in _FENCE.finditer(told(page))]


def prose(page: Path) -> str:
    return _FENCE.sub("", told(page))


def links(page: Path) -> list[str]:
    """Where they lead; pages for clients, and pictures of the window, are in each language."""
    found = (each["target"] for each in _LINK.finditer(prose(page)))
    targets = [os.path.normpath(page.parent / target) for target in found]
    return [re.sub(r"-(?:en|ru)(?=[-.])|/docs/(?:ru|how-to)/", "-", target) for target in targets]


@pytest.fixture(params=RUSSIAN, ids=lambda page: str(page.name))
def page(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


def test_both_how_tos_for_clients_and_operators_are_there() -> None:
    assert [page.name for page in RUSSIAN] == [
        "answer-a-request.md",
        "answer-at-the-help-desk.md",
        "clean-in-the-window.md",
        "enrol-in-the-window.md",
        "unblock-by-phone.md",
        "unblock-in-the-window.md",
    ]


def test_commands_and_settings_are_the_same(page: Path) -> None:
    ours, theirs = fences(page), fences(english(page))

    assert [kind for kind, _text in ours] == [kind for kind, _text in theirs]
    assert [text for kind, text in ours if kind != "text"] == [
        text for kind, text in theirs if kind != "text"
    ]


def test_what_is_on_the_screen_has_the_same_values(page: Path) -> None:
    ours, theirs = (
        [_VALUE.findall(text) for kind, text in fences(each) if kind == "text"]
        for each in (page, english(page))
    )

    assert ours == theirs
    assert any(ours) or is_of_window(page)


def test_headings_steps_and_rows_are_the_same(page: Path) -> None:
    ours, theirs = (_STRUCTURE.findall(prose(each)) for each in (page, english(page)))

    assert ours == theirs


def test_options_settings_and_names_are_the_same(page: Path) -> None:
    ours, theirs = (Counter(_CODE.findall(prose(each))) for each in (page, english(page)))

    assert ours == theirs


def test_links_lead_to_the_same_pages(page: Path) -> None:
    assert links(page) == links(english(page))


def sayings(*, russian: bool) -> list[str]:
    """Every sentence of the program, in one of its languages."""
    with CATALOGUE.open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    pairs: dict[object, object] = catalogue._catalog  # type: ignore[attr-defined]  # no other way
    texts = pairs.values() if russian else pairs.keys()
    return [" ".join(text.split()) for text in texts if isinstance(text, str) and text]


def is_said(line: str, known: list[str]) -> bool:
    """Whether a line is a sentence of the program, with anything in the place of a value."""
    for text in known:
        begin = text.partition("{")[0]
        if begin and line.startswith(begin):
            pattern = _FIELD.sub(".+", re.escape(text)) + "( .*)?"
            if re.fullmatch(pattern, line):
                return True
    return False


def lines_on_screen(page: Path) -> list[str]:
    """What the program says in a page's blocks, each line as it was before it was wrapped."""
    lines: list[str] = []
    for text in (text for kind, text in fences(page) if kind == "text"):
        goes_on = False
        for line in text.splitlines():
            if goes_on:
                lines[-1] += f" {line.strip()}"
            else:
                lines.append(line.strip())
            goes_on = len(line) > _WRAPPED
    return [line for line in lines if re.search(r"[a-zа-я]{3}", line)]


@pytest.mark.parametrize("russian", [True, False], ids=["russian", "english"])
def test_the_screen_shows_the_programs_own_words(page: Path, *, russian: bool) -> None:
    known = sayings(russian=russian)
    lines = lines_on_screen(page if russian else english(page))

    assert lines or is_of_window(page)
    assert [line for line in lines if not is_said(line, known)] == []


@pytest.mark.parametrize("russian", [True, False], ids=["russian", "english"])
def test_what_it_says_when_it_refuses_is_in_its_own_words(*, russian: bool) -> None:
    page = RUSSIAN[0] if russian else english(RUSSIAN[0])
    table = page.read_text("utf-8").split("\n## ")[-1]
    rows: list[str] = re.findall(r"^\| (.+?) \| .*\|$", table, re.MULTILINE)[1:]
    known = sayings(russian=russian)

    assert len(rows) > 5
    for row in rows:
        said = ".*".join(re.escape(part.strip()) for part in row.split("…"))
        assert any(re.search(said, text) for text in known), row
