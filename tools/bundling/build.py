"""Our own wheels: built from a commit, the same bytes wherever that is done."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bundling.failing import run
from bundling.python import Python
from bundling.sources import Sources


def build(sources: Sources, names: Iterable[str], python: Python, into: Path) -> dict[str, Path]:
    """Build wheels.

    Args:
        sources: the commit, laid out.
        names: the distributions, each of which is there.
        python: whose hatchling builds them.
        into: where the wheels go.

    Returns:
        The wheel of each distribution.

    Raises:
        BundleError: one cannot be built.
    """
    members = sources.members()
    environment = {"SOURCE_DATE_EPOCH": str(sources.committed), "TZ": "UTC"}
    built = {}
    for name in names:
        run(
            (python.program, "-m", "hatchling", "build", "--target", "wheel", "--directory", into),
            doing=f"building {name}",
            environment=environment,
            folder=members[name],
        )
        version = sources.project(members[name])["version"]
        built[name] = into / f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
    return built
