"""Dependencies run one way: each part imports only from parts below it.

``cli -> runner -> operations -> calls -> host -> registry -> contract -> bindings -> pkcs11 ->
models, policy -> errors -> secret``, and an adapter sees the contract only. Imports inside
functions and for types alone count too.
"""

from __future__ import annotations

import ast
from collections.abc import Container, Iterable, Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORE = ROOT / "core" / "src" / "lockwright"
VENDORS = ("jacarta", "etoken", "aladdin", "safenet", "thales")

LAYERS = (
    {"late", "records"},
    {"i18n", "models", "secret"},
    {"errors", "log"},
    {"files", "policy"},
    {"explain", "ledger", "pkcs11", "spoken"},
    {"bindings", "certificates", "config", "console", "keys"},
    {"contract"},
    {"adapter"},
    {"audit", "enrol", "registry"},
    {"host", "line"},
    {"calls"},
    {"operations"},
    {"runner", "responder"},
    {"__init__"},  # the front door names what it hands out, and loads it when it is asked for
    {"cli"},
)
"""Every part of core, the lowest first; a part imports only from layers before its own."""
RANKS = {part: rank for rank, layer in enumerate(LAYERS) for part in layer}

CONTRACT = {
    "adapter",
    "bindings",
    "errors",
    "i18n",
    "keys",
    "models",
    "pkcs11",
    "policy",
    "secret",
}
"""What an adapter may import."""
DESK = (CONTRACT - {"adapter"}) | {
    *("audit", "certificates", "config", "console", "enrol", "explain", "files", "line", "log"),
    *("registry", "spoken"),
}
"""What the desk may import; of the registry, how the models of an adapter write what is typed; of
the line, how a Response is sealed."""
KEEPER = ("helpdesk", "custody")
"""The room of the desk whose process answers Requests, as the client's child process does: it has
an adapter compute, spares the tries of a PIN, and leaves no core file (``host``)."""
HARDENED = "lockwright.host.harden"
"""Whoever serves leaves no core file either."""
NARROW = {
    # A binding knows PKCS#11 and nothing of operations; of files, who may have changed a module.
    "bindings": {"errors", "files", "i18n", "models", "pkcs11", "secret"},
    "certificates": {"errors", "i18n", "models", "pkcs11"},
    "console": {"errors", "explain", "i18n", "secret"},
    "enrol": {"certificates", "contract", "errors", "files", "i18n", "models", "pkcs11", "secret"},
    "errors": {"i18n"},
    "files": {"errors", "i18n"},
    "line": {"config", "enrol", "errors", "i18n", "models", "secret"},
    "models": set(),
    "pkcs11": {"errors", "i18n", "models", "policy", "secret"},
    "secret": set(),
}
"""Parts that may import less than their layer allows: these, and how a record is written."""
MOST_AT_THE_ROOT = 9


def sources(folder: Path) -> Iterator[Path]:
    return folder.rglob("*.py")


def imported(source: Path, root: Path, modules: Container[str] = ()) -> Iterator[str]:
    """Full names of the modules a file imports, relative imports resolved.

    A name that is taken from a package may be a module of it: it is if ``modules`` has it, and
    counts as one if the package is the front door of core.
    """
    package = source.relative_to(root).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = [*package[: len(package) - node.level + 1]] if node.level else []
            stem = ".".join([*base, *filter(None, [node.module])])
            for name in (f"{stem}.{alias.name}" for alias in node.names):
                yield name if stem == "lockwright" or name in modules else stem


def part_of(module: str) -> str | None:
    """The part of core a module belongs to; None if it is not of core."""
    first, *rest = module.split(".")
    if first != "lockwright":
        return None
    return rest[0] if rest and rest[0] in RANKS else "__init__"


def core_imports() -> Iterator[tuple[Path, str, str]]:
    """File, its part, and a part it imports."""
    for source in sources(CORE):
        inside = source.relative_to(CORE)
        part = inside.parts[0] if len(inside.parts) > 1 else inside.stem
        for module in imported(source, CORE.parent):
            target = part_of(module)
            if target is not None and target != part:
                yield inside, part, target


def modules_of(root: Path) -> dict[str, set[str]]:
    """Each module under a source root, by its full name, and the modules there that it imports."""
    named = {".".join(path.relative_to(root).with_suffix("").parts): path for path in sources(root)}
    return {
        name: {
            module if module in named else f"{module}.__init__"
            for module in imported(path, root, named)
        }
        & (named.keys() - {name})
        for name, path in named.items()
    }


def told(found: Iterable[tuple[Path, str, str]]) -> list[str]:
    return sorted({f"{file} imports {target}" for file, _part, target in found})


def test_every_part_of_core_has_its_layer() -> None:
    files = {path.stem for path in CORE.glob("*.py")}
    folders = {path.parent.name for path in CORE.glob("*/__init__.py")}

    assert files | folders == set(RANKS)
    assert sum(map(len, LAYERS)) == len(RANKS), "no part is in two layers"


def test_the_root_of_the_package_holds_few_modules() -> None:
    assert len(list(CORE.glob("*.py"))) <= MOST_AT_THE_ROOT


def test_each_part_imports_only_from_below() -> None:
    wrong = [
        (file, part, target)
        for file, part, target in core_imports()
        if RANKS[target] >= RANKS[part]
    ]

    assert told(wrong) == []


@pytest.mark.parametrize(
    "root",
    [CORE.parent, *ROOT.glob("plugins/*/src"), ROOT / "desk/src", ROOT / "tests/kit/src"],
    ids=lambda root: str(root.relative_to(ROOT)),
)
def test_no_modules_import_each_other_in_a_circle(root: Path) -> None:
    graph = modules_of(root)

    assert any(graph.values())
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


def test_narrow_parts_import_still_less() -> None:
    may = {part: {*narrow, "records"} for part, narrow in NARROW.items()}
    wrong = [found for found in core_imports() if found[2] not in may.get(found[1], RANKS)]

    assert told(wrong) == []


def test_the_layers_are_seen_at_all() -> None:
    """A graph read wrongly has no wrong edges either."""
    edges = {(part, target) for _file, part, target in core_imports()}

    assert {
        ("cli", "runner"),
        ("runner", "registry"),
        ("calls", "host"),
        ("host", "contract"),
        ("contract", "pkcs11"),
        ("pkcs11", "models"),
        ("policy", "secret"),
    } <= edges


def test_core_imports_no_adapter_and_no_kit() -> None:
    wrong = {
        f"{source.relative_to(CORE)} imports {module}"
        for source in sources(CORE)
        for module in imported(source, CORE.parent)
        if module.startswith("lockwright_")
    }

    assert wrong == set()


@pytest.mark.parametrize(
    "adapter", sorted((ROOT / "plugins").iterdir()), ids=lambda folder: folder.name
)
def test_an_adapter_imports_only_the_contract(adapter: Path) -> None:
    wrong = {
        f"{source.relative_to(adapter)} imports {module}"
        for source in sources(adapter / "src")
        for module in imported(source, adapter / "src")
        if module.startswith("lockwright.") and part_of(module) not in CONTRACT
    }

    assert wrong == set()


def test_an_adapter_imports_no_other_adapter() -> None:
    own = {
        folder.name: {package.name for package in (folder / "src").iterdir()}
        for folder in (ROOT / "plugins").iterdir()
    }
    wrong = {
        f"{source} imports {module}"
        for name, packages in own.items()
        for source in sources(ROOT / "plugins" / name / "src")
        for module in imported(source, ROOT / "plugins" / name / "src")
        if module.startswith("lockwright_") and module.split(".")[0] not in packages
    }

    assert wrong == set()


def test_the_desk_imports_no_operation_of_the_client() -> None:
    source_of = ROOT / "desk" / "src"
    found = [
        (source.relative_to(source_of), module)
        for source in sources(source_of)
        for module in imported(source, source_of)
        if module.startswith("lockwright.")
    ]
    wrong = {
        f"{source} imports {module}"
        for source, module in found
        if part_of(module) not in DESK | ({"host"} if source.parts[1:3] == KEEPER else set())
        and module != HARDENED
    }

    assert len(found) > 50
    assert wrong == set()


WHOLE_ENROLMENTS = {
    "bank.py",
    "cmp_ca.py",
    "containers.py",
    "kills/job_driver.py",
    "kills/soft_bench.py",
    "kills/soft_jobs.py",
    "second_bench.py",
    "soft_bank.py",
    "stop_scenes.py",
    "stops.py",
}
"""Of the kit: they drive enrolments, or stop what runs, so they use the runner as a program does,
or put CMP messages together as the client does."""


KIT = ROOT / "tests" / "kit" / "src"
KIT_PROGRAM = (KIT / "lockwright_testkit" / "cli", KIT / "lockwright_testkit" / "acceptance")
"""``lockwright-kit``: a program like ``lockwright``, so it may use all that stands below that."""


def kit_program() -> Iterator[Path]:
    return (source for room in KIT_PROGRAM for source in sources(room))


def test_the_kit_imports_only_the_contract() -> None:
    spared = {KIT / "lockwright_testkit" / name for name in WHOLE_ENROLMENTS}
    wrong = {
        f"{source.relative_to(KIT)} imports {module}"
        for source in set(sources(KIT)) - spared - set(kit_program())
        for module in imported(source, KIT)
        if module.startswith("lockwright.") and part_of(module) not in CONTRACT | {"contract"}
    }

    assert wrong == set()


def test_the_kits_program_imports_nothing_of_the_command_line() -> None:
    wrong = {
        f"{source.relative_to(KIT)} imports {module}"
        for source in kit_program()
        for module in imported(source, KIT)
        if part_of(module) == "cli"
    }

    assert list(kit_program())
    assert wrong == set()


def test_core_names_no_vendor() -> None:
    texts = [path for path in CORE.rglob("*") if path.suffix in {".py", ".po", ".pot", ".json"}]
    named = {
        f"{path.relative_to(CORE)} names {vendor}"
        for path in texts
        for vendor in VENDORS
        if vendor in path.read_text().lower()
    }

    assert len(texts) > 50
    assert named == set()


def floors() -> list[list[str]]:
    """The parts of core by floor: each as low as its imports allow."""
    graph: dict[str, set[str]] = {part: set() for part in RANKS}
    for _file, part, target in core_imports():
        graph[part].add(target)
    sorter = TopologicalSorter(graph)
    sorter.prepare()
    found = []
    while ready := sorter.get_ready():
        found.append(sorted(ready))
        sorter.done(*ready)
    return found


def test_the_floors_are_printed() -> None:
    """``make floors`` shows them: from what everything stands on to the command line."""
    found = floors()
    for number, floor in enumerate(found):
        print(f"{number:2}  {'  '.join(floor)}")  # noqa: T201  # it is to be read
    at_the_root = len(list(CORE.glob("*.py")))
    print(f"{at_the_root} modules at the root of the package")  # noqa: T201  # the same

    assert found[-1] == ["cli"]
    assert "secret" in found[0]
