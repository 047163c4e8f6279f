"""Half an upgrade is refused: a core and an adapter that were not made for each other."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from bundling.build import build
from bundling.python import Python
from bundling.sources import REPOSITORY, Sources
from packaging.version import Version
from wheel_bench import EVERY_PYTHON, Environment

NOW = Version(Sources.project(REPOSITORY / "core")["version"])
NEXT = f"{NOW.major}.{NOW.minor + 1}.0"
AFTER = f"{NOW.major}.{NOW.minor + 2}"
RANGE = f">={NOW.major}.{NOW.minor},<{NOW.major}.{NOW.minor + 1}"
PAIRS = {
    "both as they are": (str(NOW), str(NOW), None),
    "both upgraded": (NEXT, NEXT, None),
    "the core alone": (
        NEXT,
        str(NOW),
        f"lockwright-jacarta {NOW} depends on lockwright<{NOW.major}.{NOW.minor + 1}",
    ),
    "the adapter alone": (
        str(NOW),
        NEXT,
        f"lockwright-jacarta {NEXT} depends on lockwright<{AFTER}",
    ),
}


@pytest.fixture(scope="session")
def both(
    sources: Sources,
    built: dict[str, Path],
    python: Python,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """Core and adapter as they are, and as they will be: of the next version, for the next core."""
    folder, store = tmp_path_factory.mktemp("next"), tmp_path_factory.mktemp("both")
    for member in ("core", "plugins/jacarta"):
        shutil.copytree(sources.folder / member, folder / member)
        project = folder / member / "pyproject.toml"
        text = project.read_text(encoding="utf-8")
        assert RANGE in text or member == "core"
        text = text.replace(f'version = "{NOW}"', f'version = "{NEXT}"')
        text = text.replace(RANGE, f">={NEXT},<{AFTER}")
        project.write_text(text, encoding="utf-8")
    names = ("lockwright", "lockwright-jacarta")
    build(Sources(folder, sources.commit, sources.committed), names, python, store)
    for name in names:
        shutil.copy(built[name], store)
    return store


@EVERY_PYTHON
@pytest.mark.parametrize("pair", PAIRS)
def test_the_resolver_refuses_a_half(
    pair: str, clean: Environment, both: Path, store: Path
) -> None:
    core, adapter, refused = PAIRS[pair]
    links = ("--find-links", both, "--find-links", store)

    done = clean.pip(
        *("install", "--dry-run", *links),
        *(f"lockwright=={core}", f"lockwright-jacarta=={adapter}"),
    )

    if refused is None:
        assert done.returncode == 0, done.stderr
        assert f"lockwright-{core}" in done.stdout
    else:
        assert done.returncode != 0
        assert " ".join(refused.split()) in " ".join(done.stdout.split())


@EVERY_PYTHON
def test_what_was_left_over_from_an_upgrade_is_found_by_pip_check(
    clean: Environment, both: Path, store: Path
) -> None:
    """pip upgrades the core over an adapter that nobody named, and only warns of it."""
    links = ("--quiet", "--find-links", both, "--find-links", store)
    clean.pip("install", *links, f"lockwright=={NOW}", f"lockwright-jacarta=={NOW}")
    assert clean.pip("check").returncode == 0

    upgraded = clean.pip("install", *links, f"lockwright=={NEXT}")

    assert f"lockwright-jacarta {NOW} requires lockwright" in upgraded.stderr
    checked = clean.pip("check")
    assert checked.returncode != 0
    assert f"but you have lockwright {NEXT}" in checked.stdout
