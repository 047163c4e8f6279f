"""What each distribution says of itself is whole, and true of the core that it works with."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.version import Version
from trove_classifiers import classifiers

REPOSITORY = Path(__file__).parent.parent
LICENCES = {"MIT", "GPL-2.0-or-later"}
_RELATIVE = re.compile(r"\]\((?!https?://|#)[^)]+\)")


@dataclass(frozen=True)
class Distribution:
    """A folder with a ``pyproject.toml`` of its own."""

    folder: Path

    @property
    def project(self) -> dict[str, Any]:
        text = (self.folder / "pyproject.toml").read_text(encoding="utf-8")
        found: dict[str, Any] = tomllib.loads(text)["project"]
        return found

    @property
    def package(self) -> Path:
        name: str = self.project["name"]
        return self.folder / "src" / name.replace("-", "_")

    @property
    def on_core(self) -> list[Requirement]:
        """What it asks of the core, its extras included."""
        optional = self.project.get("optional-dependencies", {}).values()
        every = [
            *self.project.get("dependencies", []),
            *(one for group in optional for one in group),
        ]
        return [found for found in map(Requirement, every) if found.name == "lockwright"]


EXAMPLE = REPOSITORY / "examples" / "acme"
PATTERNS = ("core", "desk", "window", "plugins/*", "tests/kit", "examples/*")
EVERY = sorted(
    file.parent for pattern in PATTERNS for file in REPOSITORY.glob(f"{pattern}/pyproject.toml")
)
NAMES = [str(folder.relative_to(REPOSITORY)) for folder in EVERY]
CORE = Distribution(REPOSITORY / "core")


@pytest.fixture(params=EVERY, ids=NAMES)
def distribution(request: pytest.FixtureRequest) -> Distribution:
    return Distribution(request.param)


def test_metadata_is_whole(distribution: Distribution) -> None:
    project = distribution.project

    assert project["license"] in LICENCES
    assert project["authors"]
    assert project["keywords"]
    assert len(project["description"]) > 40
    assert [one for one in project["classifiers"] if one not in classifiers] == []
    assert {"Typing :: Typed", "Programming Language :: Python :: 3.11"} <= {
        *project["classifiers"]
    }
    assert (distribution.package / "py.typed").exists()


def test_a_licence_file_is_named_for_every_licence_in_the_tree(distribution: Distribution) -> None:
    there = [distribution.folder / "LICENSE", *distribution.package.rglob("LICENSE*")]

    named = [distribution.folder / name for name in distribution.project["license-files"]]

    assert sorted(named) == sorted(there)
    assert all(file.read_text(encoding="utf-8").strip() for file in named)


def test_a_description_reads_whole_away_from_the_repository(distribution: Distribution) -> None:
    if distribution.folder.parent == EXAMPLE.parent:
        pytest.skip("it is read in the repository, and never published")
    text = (distribution.folder / distribution.project["readme"]).read_text(encoding="utf-8")

    assert text.startswith(f"# {distribution.project['name']}\n")
    assert _RELATIVE.findall(text) == []


def test_the_core_of_this_tree_is_in_the_range_and_the_next_is_not(
    distribution: Distribution,
) -> None:
    if distribution.folder == CORE.folder:
        pytest.skip("this is the core")
    core = Version(CORE.project["version"])
    following = Version(f"{core.major}.{core.minor + 1}") if core.major == 0 else None
    breaking = following or Version(str(core.major + 1))

    assert distribution.on_core
    for asked in distribution.on_core:
        assert asked.specifier.contains(core)
        assert not asked.specifier.contains(breaking)


def test_all_of_the_tree_has_one_version() -> None:
    versions = {Distribution(folder).project["version"] for folder in EVERY}

    assert versions == {CORE.project["version"]}
