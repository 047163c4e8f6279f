"""What looks at the built site finds what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from site_links import Read, from_elsewhere, problems

FIRST = '<h1 id="top">First</h1><a href="folder/second.html#part%20two">on</a><img src="a.png">'
SECOND = '<h2 id="part two">Two</h2><a href="../first.html">back</a><a href="#part%20two">here</a>'


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "folder").mkdir()
    (tmp_path / "first.html").write_text(FIRST)
    (tmp_path / "folder" / "second.html").write_text(SECOND)
    (tmp_path / "a.png").touch()
    (tmp_path / "style.css").write_text("body { background: url('a.png') }")
    return tmp_path


def told(site: Path) -> list[str]:
    pages = {file: Read(file.read_text("utf-8")) for file in sorted(site.rglob("*.html"))}
    return [*problems(site, pages), *from_elsewhere(site)]


def test_nothing_is_wrong_with_a_site_that_holds_together(site: Path) -> None:
    assert told(site) == []


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ('<a href="third.html">', "links to third.html, which is not there"),
        ('<a href="folder">', "links to folder, which is not there"),
        ('<a href="../outside.html">', "links to ../outside.html, which is not there"),
        ('<a href="#bottom">', "links to #bottom, which has no such place"),
        ('<a href="folder/second.html#top">', "second.html#top, which has no such place"),
        ('<script src="https://cdn.example/x.js"></script>', "x.js from elsewhere"),
        ('<link href="//fonts.example/f.css" rel="stylesheet">', "f.css from elsewhere"),
        ('<img src="b.png">', "links to b.png, which is not there"),
    ],
)
def test_what_leads_nowhere_or_elsewhere_is_told(site: Path, more: str, problem: str) -> None:
    (site / "first.html").write_text(FIRST + more)

    assert [line for line in told(site) if line.endswith(problem)]


@pytest.mark.parametrize(
    "style",
    ["a { background: url(https://cdn.example/a.png) }", '@import "//fonts.example/f.css";'],
)
def test_a_style_sheet_that_loads_from_elsewhere_is_told(site: Path, style: str) -> None:
    (site / "style.css").write_text(style)

    assert told(site)
