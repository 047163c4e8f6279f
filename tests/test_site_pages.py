"""The site can be built of the pages as they are; building it is a target of its own."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from pygments.lexers.shell import BashSessionLexer  # type: ignore[import-untyped]
from pygments.token import Error  # type: ignore[import-untyped]

REPOSITORY = Path(__file__).parent.parent
SETTINGS = REPOSITORY / "docs/site/conf.py"


def said(setting: str) -> list[str]:
    """The texts of a setting; what the settings import is installed for the site alone."""
    body = ast.parse(SETTINGS.read_text("utf-8")).body
    [value] = [
        node.value
        for node in body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == setting
    ]
    found = [each.value for each in ast.walk(value) if isinstance(each, ast.Constant)]
    return [each for each in found if isinstance(each, str)]


PAGES = sorted(
    {page for pattern in said("include_patterns") for page in REPOSITORY.glob(pattern)}
    - {REPOSITORY / name for name in said("exclude_patterns")}
)

_CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)#\s:]+\.md)(?:#[^)\s]*)?\)")


def named(page: Path) -> str:
    return str(page.relative_to(REPOSITORY))


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_page_links_to_pages_that_the_site_has(page: Path) -> None:
    prose = _FENCE.sub("", page.read_text("utf-8"))
    linked = {(page.parent / target).resolve() for target in _LINK.findall(prose)}

    assert [named(target) for target in linked - set(PAGES)] == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_console_is_one_for_the_highlighter_too(page: Path) -> None:
    wrong = [
        block
        for block in _CONSOLE.findall(page.read_text("utf-8"))
        if any(kind in Error for kind, _text in BashSessionLexer().get_tokens(block))
    ]

    assert wrong == []
