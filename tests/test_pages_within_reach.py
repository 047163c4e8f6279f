"""What a program tells people to read comes with it: a wheel has no ``docs``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lockwright.errors import every_error
from lockwright_testkit.program import Program

ROOT = Path(__file__).parents[1]
SHIPPED = [
    *ROOT.glob("*/src/**/*"),
    *ROOT.glob("plugins/*/src/**/*"),
    *ROOT.glob("tests/kit/src/**/*"),
]
PAGE = re.compile(r"(?<![\w./-])(?:docs|findings|examples)/[\w/.-]+")


def told(file: Path) -> Iterator[str]:
    """Texts of a file that may be shown: all of it, but of Python what is no docstring."""
    text = file.read_text(encoding="utf-8")
    if file.suffix != ".py":
        yield text
        return
    tree = ast.parse(text)
    silent = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    for each in ast.walk(tree):
        if (
            isinstance(each, ast.Constant)
            and isinstance(each.value, str)
            and id(each) not in silent
        ):
            yield each.value


def test_no_text_of_a_program_names_a_page_of_the_repository() -> None:
    kinds = {".py", ".toml", ".json", ".po", ".md", ".txt"}
    files = [file for file in SHIPPED if file.suffix in kinds and file.is_file()]
    found = {
        f"{file.relative_to(ROOT)}: {page}"
        for file in files
        for text in told(file)
        for page in PAGE.findall(text)
    }

    assert len(files) > 300
    assert found == set()


def test_every_page_that_an_error_tells_to_read_is_shown(tmp_path: Path) -> None:
    program = Program(tmp_path)
    named = {
        page
        for kind in every_error().values()
        for page in re.findall(r"lockwright help (\w+)", kind.advice)
    }

    assert named >= {"configuration"}
    for page in named:
        assert program.run("help", page).out.startswith("# ")


@pytest.mark.parametrize("page", ["configuration", "errors"])
def test_a_page_that_comes_with_the_program_has_no_links(tmp_path: Path, page: str) -> None:
    shown = Program(tmp_path).run("help", page)

    assert shown.code == 0
    assert re.findall(r"\]\((?!https?:)", shown.out) == []
    assert len(shown.out) > 3000
