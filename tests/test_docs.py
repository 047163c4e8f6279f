"""The documentation is true: its links, its examples, its command lines, its generated pages."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import click
import pytest
from drawings import DRAWINGS, LOOKS, drawings
from lockwright.certificates.attribute_types import KINDS
from lockwright.cli.app import root
from lockwright.config import load
from lockwright.contract import ca_hooks, hooks
from lockwright.errors import BrokenConfiguration, every_error
from lockwright.models import Oddity
from lockwright.pkcs11.key_types import CURVES_BY_OID
from lockwright.registry import Registry
from lockwright_desk.cli.app import root as desk_root
from lockwright_desk.configuration.file import load as load_desk
from lockwright_desk.configuration.keeper import load as load_keeper
from lockwright_testkit.cli.app import root as kit_root
from lockwright_testkit.softhsm import SoftHSM

REPOSITORY = Path(__file__).parent.parent
PAGES = sorted(
    page
    for pattern in (
        *("*.md", "docs/**/*.md", "core/*.md", "desk/*.md"),
        *("plugins/*/*.md", "tests/kit/*.md"),
    )
    for page in REPOSITORY.glob(pattern)
)
GENERATORS = [t for t in REPOSITORY.glob("tools/*.py") if '"--check"' in t.read_text("utf-8")]

_FENCE = re.compile(r"^```(?P<language>[\w-]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?P<target>[^)#\s]+)(?:#(?P<part>[^)\s]+))?\)")
_ANCHOR = re.compile(r"\]\((?P<target>[^)#\s:]*)#(?P<part>[^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
_KNOWN = re.compile(r"known are (.+)")
_TESTS = re.compile(r"def test_|^class Test", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    page: Path
    line: int
    language: str
    text: str

    @property
    def name(self) -> str:
        return f"{self.page.relative_to(REPOSITORY)}:{self.line}"


def blocks(*languages: str) -> list[Block]:
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for fence in _FENCE.finditer(text):
            if fence["language"] in languages:
                line = text.count("\n", 0, fence.start()) + 1
                found.append(Block(page, line, fence["language"], fence["text"]))
    return found


PROGRAMS: dict[str, click.Command] = {
    "lockwright": root,
    "lockwright-desk": desk_root,
    "lockwright-kit": kit_root,
}


def commands() -> Iterator[tuple[str, list[str]]]:
    """Every command line that runs lockwright, and where it stands."""
    for block in blocks("sh", "console"):
        for line in block.text.replace("\\\n", " ").splitlines():
            if "lockwright" not in line:
                continue
            for words in piped(line.removeprefix("$ ")):
                if words and words[0] in PROGRAMS:
                    yield f"{block.name} {' '.join(words)}", words


def piped(line: str) -> Iterator[list[str]]:
    """The commands of a line of the shell, without where their output goes."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|>")
    lexer.whitespace_split = True
    words: list[str] = []
    for word in lexer:
        if word == ">":
            next(lexer)
        elif word == "|":
            yield words
            words = []
        else:
            words.append(word)
    yield words


COMMANDS = dict(commands())


def parse(words: list[str]) -> None:
    """Let click parse a command line as the program does, without running the command."""
    command = PROGRAMS[words[0]]
    context = command.make_context(words[0], words[1:])
    while isinstance(command, click.Group):
        rest = [*context._protected_args, *context.args]
        if not rest and command.invoke_without_command:
            return
        name, found, rest = command.resolve_command(context, rest)
        assert found is not None
        command, context = found, found.make_context(name, rest, parent=context)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True)


@pytest.mark.parametrize("tool", GENERATORS, ids=lambda tool: str(tool.name))
def test_generated_files_are_what_the_code_says(tool: Path) -> None:
    done = run(str(tool), "--check")

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_every_link_leads_somewhere(page: Path) -> None:
    prose = _FENCE.sub("", page.read_text(encoding="utf-8"))
    targets = [found["target"] for found in _LINK.finditer(prose)]
    local = [target for target in targets if "://" not in target]

    assert [target for target in local if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_every_anchor_is_a_heading(page: Path) -> None:
    prose = _FENCE.sub("", page.read_text(encoding="utf-8"))
    found = [(page.parent / each["target"], each["part"]) for each in _ANCHOR.finditer(prose)]
    wanted = [(page if not each.is_file() else each, part) for each, part in found]

    assert [(str(each), part) for each, part in wanted if part not in anchors(each)] == []


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub and the site make them."""
    found: set[str] = set()
    for title in _HEADING.findall(_FENCE.sub("", page.read_text(encoding="utf-8"))):
        anchor = re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-")
        number = next(n for n in count() if (f"{anchor}-{n}" if n else anchor) not in found)
        found.add(f"{anchor}-{number}" if number else anchor)
    return found


def test_every_drawing_is_what_its_block_says() -> None:
    wanted = list(drawings())

    assert [each.name for each in wanted if not each.is_drawn()] == [], "make drawings"
    assert len({each.name for each in wanted}) == len(wanted) == len(blocks("mermaid"))
    assert {file.name for file in DRAWINGS.iterdir()} == {
        each.file(look).name for each in wanted for look in LOOKS
    }


@pytest.mark.parametrize("block", blocks("toml"), ids=lambda block: block.name)
def test_every_configuration_in_the_docs_loads(block: Block, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(block.text, encoding="utf-8")

    if block.text.startswith("# desk.toml\n"):
        assert load_desk(file).profiles
        return
    if block.text.startswith("# keeper.toml\n"):
        assert load_keeper(file).hsm.token
        return
    config = load(file)
    for adapter, settings in config.adapters.items():
        Registry(allow=[adapter]).modules(adapter, settings)


@pytest.mark.parametrize("block", blocks("python"), ids=lambda block: block.name)
def test_every_python_example_compiles(block: Block) -> None:
    compile(block.text, block.name, "exec", dont_inherit=True)


FOLLOWED = REPOSITORY / "docs" / "tutorial" / "your-first-adapter.md"
"""Its test is of a package that the page makes: ``tests/afternoon`` runs it."""
TESTS = {b.name: b.text for b in blocks("python") if _TESTS.search(b.text) and b.page != FOLLOWED}


FEW = "not OnTheModuleItself or room or wrong"
"""Of the suite on a real module: a token of the fixture's own, its PINs, faults of the module."""


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a run of every test in the docs tells, each block in a file of its own."""
    folder = tmp_path_factory.mktemp("copied")
    for number, text in enumerate(TESTS.values()):
        (folder / f"test_{number}.py").write_text(text, encoding="utf-8")
    return run(
        *("-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider", "-k", FEW),
        *("--rootdir", str(folder), str(folder)),
    ).stdout


@pytest.mark.parametrize("name", TESTS)
def test_every_test_in_the_docs_passes_when_copied(copied: str, name: str) -> None:
    file = f"test_{list(TESTS).index(name)}.py"
    told = re.findall(rf"^(PASSED|FAILED|ERROR) \S*\b{file}::", copied, re.MULTILINE)

    assert set(told) == {"PASSED"}, copied


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_line_in_the_docs_is_understood(
    line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The files that a page speaks of are not here.
    monkeypatch.setattr(click.Path, "convert", lambda _self, value, _param, _ctx: Path(value))
    parse(COMMANDS[line])


def test_a_wrong_command_line_would_be_noticed() -> None:
    with pytest.raises(click.NoSuchOption):
        parse(["lockwright", "list", "--no-such-option"])


def test_readme_example_runs_on_a_token(
    softhsm: SoftHSM, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    added = softhsm.add_token("Anna Petrova")
    (example,) = (b for b in blocks("python") if b.page == REPOSITORY / "README.md")

    done = run("-c", example.text)

    assert done.returncode == 0, done.stderr
    assert added.serial in done.stdout


def test_readme_names_exactly_the_adapters_that_are_there() -> None:
    table = re.findall(r"^\| `(lockwright-\w+)` \|", _readme(), re.MULTILINE)

    assert sorted(table) == sorted(
        f"lockwright-{folder.parent.name}" for folder in REPOSITORY.glob("plugins/*/pyproject.toml")
    )


def test_each_decision_has_a_number_of_its_own_and_a_row_in_the_list() -> None:
    folder = REPOSITORY / "docs" / "adr"
    pages = sorted(page.name for page in folder.glob("0*.md"))
    numbers = [int(name[:4]) for name in pages]
    titles = [
        (folder / name).read_text("utf-8").partition(" ")[2].partition(".")[0] for name in pages
    ]
    rows = re.findall(
        r"^\| \[(\d{4})\]\((.+?)\)", (folder / "README.md").read_text("utf-8"), re.MULTILINE
    )

    assert numbers == list(range(1, len(pages) + 1))
    assert titles == [str(number) for number in numbers]
    assert rows == [(name[:4], name) for name in pages]


@pytest.mark.parametrize(
    ("page", "least"), [("what-the-wall-holds.md", 60), ("adapters-from-the-docs.md", 6)]
)
def test_every_test_that_is_named_is_there(page: str, least: int) -> None:
    named = set(re.findall(r"\btest_\w+", (REPOSITORY / "docs/explanation" / page).read_text()))
    files = {
        file for top in ("core", "desk", "tests") for file in (REPOSITORY / top).rglob("test_*.py")
    }
    there = {file.stem for file in files}
    for file in files:
        there |= set(re.findall(r"def (test_\w+)", file.read_text("utf-8")))

    assert len(named) > least
    assert named - there == set()


def test_every_hook_and_every_error_is_in_the_reference() -> None:
    described = _headings("hooks.md", "### `(lockwright_\\w+)`")
    codes = _headings("errors.md", "### `([a-z-]+)`")
    ours = {c: kind for c, kind in every_error().items() if kind.__module__[:11] == "lockwright."}
    said = {code for code, kind in ours.items() if "message" in vars(kind)}

    assert sorted(described) == sorted([*hooks.HOOKS, *ca_hooks.HOOKS])
    assert set(codes) == said - {"error"}


@pytest.mark.parametrize(
    "table",
    [
        "plugins",
        "adapters.softhsm",
        "policy",
        "trust",
        "ca.bank",
        "enrolment",
        "audit",
        "deadlines",
        "warn",
    ],
)
def test_every_setting_is_in_the_reference(table: str, tmp_path: Path) -> None:
    page = (REPOSITORY / "docs/reference/configuration.md").read_text(encoding="utf-8")
    (section,) = (part for part in page.split("\n## ") if part.startswith(_heading(table)))
    documented = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)

    assert sorted(documented) == sorted(_known(table, tmp_path / "config.toml"))


def _heading(table: str) -> str:
    kind, dot, _name = table.partition(".")
    return f"`[{kind}.NAME]`" if dot else f"`[{table}]`"


def _known(table: str, file: Path) -> list[str]:
    """The keys of a table, as the error about an unknown one names them."""
    if table.startswith("adapters."):
        return ["binding", "modules"]
    file.write_text(f"[{table}]\nno_such_key = 1\n", encoding="utf-8")
    with pytest.raises(BrokenConfiguration) as caught:
        load(file)
    found = _KNOWN.search(str(caught.value.facts["reason"]))
    assert found is not None
    return found[1].split(", ")


def _headings(page: str, pattern: str) -> list[str]:
    text = (REPOSITORY / "docs/reference" / page).read_text(encoding="utf-8")
    return re.findall(pattern, text)


def _readme() -> str:
    return (REPOSITORY / "README.md").read_text(encoding="utf-8")


def test_every_oddity_name_and_curve_is_in_the_reference() -> None:
    page = (REPOSITORY / "docs/reference/certificates.md").read_text(encoding="utf-8")
    curves = [c for c in CURVES_BY_OID.values() if "brainpool" not in c]
    wanted = [*Oddity, *(kind.name for kind in KINDS), *curves]
    assert [word for word in wanted if f"`{word}`" not in page] == []
