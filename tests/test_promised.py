"""What is promised to other people's code stays, and their code needs nothing else of us."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from promised_names import FOR_PLUGINS, FOR_PROGRAMS, FOR_TESTS, MODULES, names
from promised_shapes import Shape
from promises import losses, promised, written

REPOSITORY = Path(__file__).parent.parent
PAGE = REPOSITORY / "docs/reference/promised.md"
TEMPLATE = REPOSITORY / "tests/kit/src/lockwright_testkit/template"

_IMPORT = re.compile(r"^from [\w.]+ import [\w, ]+$", re.MULTILINE)
_PYTHON = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def now() -> dict[str, Shape]:
    return promised()


def test_nothing_that_was_promised_is_gone(now: dict[str, Shape]) -> None:
    assert len(written()) > 1000
    assert list(losses(written(), now)) == []


def without(path: str) -> Callable[[dict[str, Shape]], None]:
    def change(found: dict[str, Shape]) -> None:
        del found[path]

    return change


def taking(path: str, *arguments: str) -> Callable[[dict[str, Shape]], None]:
    def change(found: dict[str, Shape]) -> None:
        assert isinstance(found[path], list)
        found[path] = list(arguments)

    return change


def being(path: str, other: Shape) -> Callable[[dict[str, Shape]], None]:
    def change(found: dict[str, Shape]) -> None:
        assert found[path] != other
        found[path] = other

    return change


STORE = "lockwright.contract.hooks.lockwright_store"
CHANGE_PIN = "lockwright.Runner.change_pin"
LOAD = "lockwright.bindings.load"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (without("lockwright.models.Token"), "lockwright.models.Token is gone"),
        (without("lockwright.models.Token.state"), "lockwright.models.Token.state is gone"),
        (without("lockwright.models.Doing.READING"), "lockwright.models.Doing.READING is gone"),
        (without("lockwright unblock --remote"), "lockwright unblock --remote is gone"),
        (without("lockwright-desk serve"), "lockwright-desk serve is gone"),
        (without("list.json digest"), "list.json digest is gone"),
        (
            being("tokens.json tokens", "there where it applies"),
            "tokens.json tokens was always there and is there where it applies",
        ),
        (taking(CHANGE_PIN, "token", "new_pin"), f"{CHANGE_PIN} takes no pin"),
        (
            taking(CHANGE_PIN, "token", "new_pin", "pin"),
            f"{CHANGE_PIN} takes its arguments in another order",
        ),
        (
            taking(CHANGE_PIN, "token", "pin", "*new_pin"),
            f"{CHANGE_PIN} takes new_pin by its name only",
        ),
        (
            taking(CHANGE_PIN, "token", "pin", "new_pin", "why"),
            f"{CHANGE_PIN} cannot do without why, which is new",
        ),
        (
            taking(LOAD, "binding", "path", "*at_once", "*reserved="),
            f"{LOAD} cannot do without at_once",
        ),
        (taking(STORE, "module", "token", "pin"), f"{STORE} takes no certificate"),
        (
            being("lockwright.errors.TokenFull", "error full, exit code 10"),
            "TokenFull was error token-full, exit code 10 and is error full, exit code 10",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_promise_that_is_broken_is_told(
    now: dict[str, Shape], change: Callable[[dict[str, Shape]], None], told: str
) -> None:
    later = dict(now)
    change(later)

    assert any(loss.endswith(told) for loss in losses(now, later))


@pytest.mark.parametrize(
    "change",
    [
        taking(CHANGE_PIN, "token", "pin", "new_pin", "why="),
        taking(CHANGE_PIN, "token", "pin=", "new_pin"),
        lambda found: found.update({"lockwright.models.Tray": "class"}),
        lambda found: found.update({"lockwright.models.Doing.WAITING": 3}),
    ],
)
def test_what_is_added_breaks_no_promise(
    now: dict[str, Shape], change: Callable[[dict[str, Shape]], None]
) -> None:
    later = dict(now)
    change(later)

    assert list(losses(now, later)) == []


def test_a_further_argument_of_a_hook_breaks_no_promise(now: dict[str, Shape]) -> None:
    takes = now[STORE]
    assert isinstance(takes, list)

    assert list(losses(now, now | {STORE: [*takes, "why"]})) == []


def test_the_page_names_what_may_be_imported() -> None:
    rows = re.findall(r"^\| \[?`([\w.]+)`.*? \| (.*?) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    told = {module: re.findall(r"`(\w+)`", cell) for module, cell in rows if module in MODULES}

    assert set(told) == set(FOR_PROGRAMS) | set(FOR_PLUGINS) | set(FOR_TESTS)
    for module, cell in told.items():
        assert not cell or sorted(cell) == [name for name, _thing in names(module)], module


def imports(source: str) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.module, alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)


def examples() -> Iterator[tuple[str, str]]:
    """Every example that is to be copied, and where it stands."""
    for page in (REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").rglob("*.md"))):
        if "adr" not in page.parts:
            for block in _PYTHON.findall(page.read_text("utf-8")):
                yield str(page.relative_to(REPOSITORY)), block
    for file in sorted((REPOSITORY / "examples" / "acme").rglob("*.py")):
        yield str(file.relative_to(REPOSITORY)), file.read_text("utf-8")
    for file in sorted(TEMPLATE.rglob("*.py*")):  # of which only the imports are plain Python
        lines = _IMPORT.findall(file.read_text("utf-8"))
        yield str(file.relative_to(REPOSITORY)), "\n".join(lines)


def test_no_example_imports_what_is_not_promised() -> None:
    may = {(module, name) for module in MODULES for name, _thing in names(module)}
    may |= {(".".join(m.split(".")[:-1]), m.split(".")[-1]) for m in MODULES}
    asked = {
        (page, *found)
        for page, source in examples()
        for found in imports(source)
        if found[0].split(".")[0] in ("lockwright", "lockwright_testkit")
    }

    assert len(asked) > 40
    assert any("template" in page for page, *_found in asked)
    assert [each for each in sorted(asked) if each[1:] not in may] == []
