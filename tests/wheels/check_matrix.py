"""Each distribution on each Python, from its wheel, with what it declares and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from bundling.sources import REPOSITORY
from wheel_bench import EVERY_PYTHON, TOOLS, Environment, told

ASKED = (
    "lockwright",
    "lockwright[python-pkcs11]",
    "lockwright[pykcs11]",
    "lockwright-desk",
    "lockwright-desk[oidc]",
    "lockwright-desk[postgresql]",
    "lockwright-etoken",
    "lockwright-jacarta",
    "lockwright-softhsm",
    "lockwright-softhsm[pykcs11]",
    "lockwright-testkit",
)
OPTIONAL = {
    "lockwright": {"pkcs11": "python-pkcs11", "PyKCS11": "pykcs11"},
    "lockwright-desk": {"joserfc": "oidc", "psycopg": "postgresql"},
}
"""What a module may lack where the extra was not asked for, which has it."""
IMPORT = """
import importlib, importlib.metadata, pathlib, sys
name, *absent = sys.argv[1:]
wrong, count = [], 0
for file in importlib.metadata.distribution(name).files:
    if file.suffix != ".py" or file.name == "__main__.py" or "migrations" in file.parts:
        continue
    module = ".".join(file.parts).removesuffix(".py").removesuffix(".__init__")
    try:
        found = importlib.import_module(module)
        if not found.__file__.startswith(sys.prefix):
            wrong.append(f"{module} is {found.__file__}")
        count += 1
    except ModuleNotFoundError as error:
        if error.name.split(".")[0] not in absent:
            wrong.append(f"{module}: {error}")
    except Exception as error:
        wrong.append(f"{module}: {error!r}")
print("\\n".join(wrong) or count)
sys.exit(bool(wrong))
"""
PROGRAMS = """
import importlib.metadata, sys
for point in importlib.metadata.distribution(sys.argv[1]).entry_points:
    if point.group == "console_scripts":
        print(point.name)
"""


@EVERY_PYTHON
@pytest.mark.parametrize("asked", ASKED)
def test_a_wheel_alone_imports_and_runs(
    asked: str, clean: Environment, built: dict[str, Path], store: Path
) -> None:
    name, _, extras = asked.removesuffix("]").partition("[")
    ours = built[name].parent
    links = ("--find-links", ours, "--find-links", store)

    installed = clean.pip("install", "--quiet", "--only-binary", ":all:", *links, asked)

    assert installed.returncode == 0, installed.stderr
    assert clean.pip("check").returncode == 0
    chosen = extras.split(",")
    absent = [top for top, extra in OPTIONAL.get(name, {}).items() if extra not in chosen]
    imported = clean.run("python", "-I", "-c", IMPORT, name, *absent)
    assert imported.returncode == 0, imported.stdout + imported.stderr
    assert int(imported.stdout) > 1
    for program in clean.run("python", "-I", "-c", PROGRAMS, name).stdout.split():
        helped = clean.run(program, "--help")
        assert helped.returncode == 0, helped.stderr
        assert "Usage" in helped.stdout


@EVERY_PYTHON
def test_the_kit_from_its_wheel_builds_the_simulator(
    clean: Environment, built: dict[str, Path], store: Path, tmp_path: Path
) -> None:
    links = ("--find-links", built["lockwright-testkit"].parent, "--find-links", store)
    assert clean.pip("install", "--quiet", *links, "lockwright-testkit").returncode == 0
    program = clean.folder / "bin" / "lockwright-sim"
    cache = {"XDG_CACHE_HOME": str(tmp_path / "cache")}

    made = told(program, "new", tmp_path / "token", environment=cache)
    module = told(program, "module", tmp_path / "token", environment=cache)

    assert made.returncode == 0, made.stderr
    assert module.stdout.startswith(str(tmp_path / "cache"))
    assert Path(module.stdout.strip()).exists()


@pytest.fixture(scope="module")
def checkers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs that look at wheels as an index and a packager would."""
    folder = TOOLS / "check-wheels"
    python = next(iter(sorted(TOOLS.glob("python3*")))) / "bin" / "python"
    locked = REPOSITORY / "requirements" / "check-wheels.txt"
    if not (folder / "bin" / "twine").exists():
        assert told(python, "-m", "venv", folder).returncode == 0
    install = ("-m", "pip", "install", "--quiet", "--require-hashes", "--requirement", locked)
    done = told(folder / "bin" / "python", *install)
    assert done.returncode == 0, done.stderr
    return folder / "bin"


KNOWN = {
    "lockwright": "W002",  # the licence of the word lists lies beside them, and with the others
    "lockwright-desk": "W004",  # Alembic runs migrations by their path
}


def test_an_index_and_a_packager_find_nothing_wrong(built: dict[str, Path], checkers: Path) -> None:
    twine = told(checkers / "twine", "check", "--strict", *built.values())
    assert twine.returncode == 0, twine.stdout
    for name, wheel in built.items():
        ignore = ("--ignore", KNOWN[name]) if name in KNOWN else ()
        contents = told(checkers / "check-wheel-contents", *ignore, wheel)
        assert contents.returncode == 0, contents.stdout
