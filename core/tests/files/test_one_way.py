"""Nothing writes a file past ``lockwright.files``, which alone leaves it whole in a crash.

Read from the source: calls that write, rename or sync a file, in core, the desk and the adapters.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SOURCES = (ROOT / "core/src", ROOT / "desk/src", *sorted(ROOT.glob("plugins/*/src")))
HOME = ROOT / "core/src/lockwright/files"

OF_MODULES = {
    "os": {
        *("O_APPEND", "O_CREAT", "O_RDWR", "O_TRUNC", "O_WRONLY"),
        *("fdatasync", "fsync", "ftruncate", "link", "rename", "renames", "replace", "truncate"),
    },
    "tempfile": {"NamedTemporaryFile", "SpooledTemporaryFile", "TemporaryFile", "mkstemp"},
    "shutil": {"copy", "copy2", "copyfile", "copyfileobj", "copytree", "move"},
}
OF_PATHS = {"hardlink_to", "touch", "write_bytes", "write_text"}
RENAMES = {"rename", "replace"}
"""Of a path if they have one argument; ``str.replace`` has two, that of a date has names."""
OPENERS = {"fdopen", "open"}
MODES, WRITING = set("abrtwx+"), set("awx+")

SPARED = {
    ("core/src/lockwright/cli/completing.py", "os.O_WRONLY"): "of /dev/null",
    ("core/src/lockwright/host/forked.py", "os.O_WRONLY"): "of /dev/null",
    ("core/src/lockwright/console/help_lines.py", "write_text"): "of click's formatter",
    ("core/src/lockwright/audit/trail.py", "os.O_APPEND"): "a flag for durable.open_owned",
    ("core/src/lockwright/console/streams.py", "os.O_RDWR"): "of /dev/null",
    ("core/src/lockwright/console/streams.py", "os.O_WRONLY"): "of /dev/null",
    ("core/src/lockwright/console/streams.py", "fdopen"): "of /dev/null, in a stream's place",
    (
        "core/src/lockwright/host/elsewhere.py",
        "os.ftruncate",
    ): "what a lock says of its holder, which is over with the holder",
    (
        "core/src/lockwright/enrol/storage/stores/macos.py",
        "write_bytes",
    ): "a sealed file that the system's own tool reads once, in a folder that goes with the call",
    ("core/src/lockwright/enrol/storage/stores/macos.py", "touch"): "the same file",
    (
        "desk/src/lockwright_desk/cli/files_in_and_out.py",
        "tempfile.TemporaryFile",
    ): "what came through a pipe, without a name, gone with the command",
    ("desk/src/lockwright_desk/helpdesk/custody/apart.py", "fdopen"): "of a pipe to the parent",
    (
        "desk/src/lockwright_desk/cli/demo/running.py",
        "open",
    ): "a program's log in the demo's folder, which goes with the demo",
}
"""What writes past it all the same, and why no crash matters there."""


def writes(source: str) -> Iterator[str]:
    """Everything in a source text that writes, renames or syncs a file."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(value=ast.Name(id=module), attr=name) if name in OF_MODULES.get(
                module, ()
            ):
                yield f"{module}.{name}"
            case ast.ImportFrom(module=str(module), names=names):
                taken = {alias.name for alias in names} & OF_MODULES.get(module, set())
                yield from (f"{module}.{name}" for name in taken)
            case ast.Call(func=ast.Attribute(attr=name)) if name in OF_PATHS:
                yield name
            case ast.Call(func=ast.Attribute(attr=name), args=[_], keywords=[]) if name in RENAMES:
                yield name
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if (
                name in OPENERS and _mode(node) & WRITING
            ):
                yield name


def _mode(call: ast.Call) -> set[str]:
    """The mode that a call opens a file with, as far as it is spelt out."""
    given = [*call.args[:2], *(each.value for each in call.keywords if each.arg == "mode")]
    texts = [each.value for each in given if isinstance(each, ast.Constant)]
    modes = [set(text) for text in texts if isinstance(text, str) and set(text) <= MODES]
    return modes[-1] if modes else set()


def found() -> set[tuple[str, str]]:
    """Each file that writes, and by what."""
    return {
        (str(file.relative_to(ROOT)), what)
        for folder in SOURCES
        for file in folder.rglob("*.py")
        if not file.is_relative_to(HOME)
        for what in writes(file.read_text())
    }


def test_nothing_writes_a_file_by_itself() -> None:
    assert found() - SPARED.keys() == set()


def test_nothing_is_spared_that_is_gone() -> None:
    assert SPARED.keys() - found() == set()


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("os.fsync(fd)", "os.fsync"),
        ("from os import fsync", "os.fsync"),
        ("os.replace(draft, file)", "os.replace"),
        ("fd = os.open(file, os.O_RDWR)", "os.O_RDWR"),
        ("tempfile.mkstemp()", "tempfile.mkstemp"),
        ("shutil.move(draft, file)", "shutil.move"),
        ("draft.replace(file)", "replace"),
        ("(folder / name).rename(file)", "rename"),
        ("Path(name).write_text('x')", "write_text"),
        ("file.open('xb')", "open"),
        ("open(name, 'a')", "open"),
        ("open(name, mode='w')", "open"),
        ("os.fdopen(fd, 'r+')", "fdopen"),
    ],
)
def test_what_writes_is_seen(source: str, what: str) -> None:
    assert list(writes(source)) == [what]


@pytest.mark.parametrize(
    "source",
    [
        "text.replace('a', 'b')",
        "when.replace(tzinfo=None)",
        "durable.replace(file, content)",
        "file.open('rb')",
        "file.open()",
        "open(name)",
        "os.open(file, os.O_RDONLY)",
        "Authority.open(settings)",
    ],
)
def test_what_does_not_write_is_not_taken_for_it(source: str) -> None:
    assert list(writes(source)) == []
