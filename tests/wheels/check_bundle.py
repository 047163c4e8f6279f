"""A bundle is made twice with the same bytes, holds what was asked for, and needs no network."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from bundling.sources import REPOSITORY
from lockwright_testkit.bundle.manifest import Manifest, Wheel
from lockwright_testkit.bundle.sums import FILE as SUMS
from lockwright_testkit.bundle.verify import verify
from lockwright_testkit.softhsm import SoftHSM
from wheel_bench import PYTHONS, told

CLIENT = ("jacarta", "softhsm")
NO_NETWORK = ("unshare", "--map-root-user", "--net")
VERSIONS = pytest.mark.parametrize("version", PYTHONS)


def bundle(
    into: Path, version: str, *asked: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Do what `make bundle` does."""
    command = (REPOSITORY / ".venv" / "bin" / "python", REPOSITORY / "tools" / "bundle.py")
    for_it = ("--python", PYTHONS[version], "--into", into)
    return told(*command, *asked, *for_it, environment=environment)


class Shelf:
    """Bundles, each made once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[tuple[str, ...], Path] = {}

    def of(self, version: str, *asked: str) -> Path:
        """The bundle of these for a Python."""
        if (version, *asked) not in self._made:
            done = bundle(self._folder, version, *asked)
            assert done.returncode == 0, done.stderr
            self._made[version, *asked] = Path(done.stdout.splitlines()[0])
        return self._made[version, *asked]


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    return Shelf(tmp_path_factory.mktemp("shelf"))


def ours(folder: Path) -> dict[str, Wheel]:
    return {each.name: each for each in Manifest.read(folder).wheels if each.ours}


def licences(folder: Path) -> str:
    return " ".join(each.licence for each in Manifest.read(folder).wheels)


@VERSIONS
def test_a_bundle_is_whole_and_holds_just_what_was_asked_for(version: str, shelf: Shelf) -> None:
    made = shelf.of(version, *CLIENT)

    assert verify(made, repository=REPOSITORY).findings == ()
    assert set(ours(made)) == {"lockwright", "lockwright-jacarta", "lockwright-softhsm"}
    names = {each.name for each in Manifest.read(made).wheels}
    assert "python-pkcs11" in names
    assert not {"pykcs11", "lockwright-etoken", "lockwright-testkit"} & names
    assert "GPL" not in licences(made)
    assert told("sha256sum", "--check", "--strict", "--quiet", SUMS, folder=made).returncode == 0


def test_what_is_under_the_gpl_comes_when_it_is_asked_for(shelf: Shelf) -> None:
    made = shelf.of(next(iter(PYTHONS)), "etoken")

    assert set(ours(made)) == {"lockwright", "lockwright-etoken"}
    names = {each.name: each.licence for each in Manifest.read(made).wheels}
    assert names["lockwright-etoken"] == names["pykcs11"] == "GPL-2.0-or-later"
    assert "python-pkcs11" not in names
    assert "pykcs11" in (made / "INSTALL.txt").read_text(encoding="utf-8")


def test_an_extra_brings_what_it_asks_for_and_one_that_is_not_there_is_refused(
    shelf: Shelf, tmp_path: Path
) -> None:
    version = next(iter(PYTHONS))
    made = shelf.of(version, "softhsm", "softhsm[pykcs11]")

    assert "pykcs11" in {each.name for each in Manifest.read(made).wheels}
    refused = bundle(tmp_path, version, "softhsm[nope]")
    assert (refused.returncode, "has no extra nope; there are pykcs11" in refused.stderr) == (
        1,
        True,
    )


def test_two_builds_have_the_same_bytes(shelf: Shelf, tmp_path: Path) -> None:
    """In another folder, at another time, with another mask, clock and language."""
    version = next(iter(PYTHONS))
    first = shelf.of(version, *CLIENT)
    environment = {"TZ": "Asia/Vladivostok", "LC_ALL": "ru_RU.UTF-8", "SOURCE_DATE_EPOCH": "1"}
    python, tool = REPOSITORY / ".venv" / "bin" / "python", REPOSITORY / "tools" / "bundle.py"
    masked = ("sh", "-c", 'umask 077; exec "$@"', "sh", python, tool)

    again = told(
        *(*masked, *CLIENT, "--python", PYTHONS[version], "--into", tmp_path),
        environment=environment,
    )

    assert again.returncode == 0, again.stderr
    second = Path(again.stdout.splitlines()[0])
    assert second != first
    assert (second / SUMS).read_bytes() == (first / SUMS).read_bytes()


def test_our_wheels_have_the_same_hash_on_every_python(shelf: Shelf) -> None:
    if len(PYTHONS) == 1:
        pytest.skip("this computer has one Python; PYTHONS names more")
    made = [ours(shelf.of(version, *CLIENT)) for version in PYTHONS]

    assert all(each == made[0] for each in made)


@VERSIONS
def test_it_installs_and_shows_a_token_where_there_is_no_network(
    version: str, shelf: Shelf, softhsm: SoftHSM, tmp_path: Path
) -> None:
    softhsm.add_token("Anna", user_pin="Kettle-Moss-42")
    made = shelf.of(version, *CLIENT)
    lines = (
        "test ! -e /sys/class/net/eth0 && ! (: </dev/tcp/192.0.2.1/9) 2>/dev/null",
        f"{PYTHONS[version]} -m venv clean",
        f"clean/bin/pip install -q --no-index --require-hashes -r {made}/requirements.txt >&2",
        "clean/bin/pip check >&2",
        "clean/bin/lockwright plugins --json",
        "clean/bin/lockwright tokens --json",
    )

    done = told(
        *(*NO_NETWORK, "bash", "-euc", "\n".join(lines)),
        environment={"HOME": str(tmp_path)},
        folder=tmp_path,
    )

    assert done.returncode == 0, done.stderr
    decoder = json.JSONDecoder()
    plugins, end = decoder.raw_decode(done.stdout)
    tokens, _end = decoder.raw_decode(done.stdout[end:].lstrip())
    assert {each["name"] for each in plugins["plugins"]} == set(CLIENT)
    assert [each["label"] for each in tokens["tokens"]] == ["Anna"]
    assert all("site-packages" not in each for each in done.stderr.splitlines())


def test_the_desk_installs_where_there_is_no_network(shelf: Shelf, tmp_path: Path) -> None:
    version = next(iter(PYTHONS))
    made = shelf.of(version, "--desk", "postgresql")
    lines = (
        f"{PYTHONS[version]} -m venv clean",
        f"clean/bin/pip install -q --no-index --require-hashes -r {made}/requirements.txt",
        "clean/bin/pip check",
        "clean/bin/lockwright-desk --version",
        "clean/bin/python -c 'import psycopg'",
    )

    done = told(*NO_NETWORK, "bash", "-euc", "\n".join(lines), folder=tmp_path)

    assert done.returncode == 0, done.stderr
    assert set(ours(made)) == {"lockwright", "lockwright-desk"}


def test_the_window_installs_where_there_is_no_network(shelf: Shelf, tmp_path: Path) -> None:
    """With Qt, whose wheels bring no text of the LGPL: it lies beside them."""
    version = next(iter(PYTHONS))
    made = shelf.of(version, "--window", "jacarta")
    lines = (
        f"{PYTHONS[version]} -m venv clean",
        f"clean/bin/pip install -q --no-index --require-hashes -r {made}/requirements.txt",
        "clean/bin/pip check",
        "clean/bin/lockwright-window --help",
        "clean/bin/python -c 'import shiboken6, PySide6, segno'",
    )

    done = told(*NO_NETWORK, "bash", "-euc", "\n".join(lines), folder=tmp_path)

    assert done.returncode == 0, done.stderr
    assert "--colours" in done.stdout
    assert set(ours(made)) == {"lockwright", "lockwright-jacarta", "lockwright-window"}
    assert verify(made, repository=REPOSITORY).findings == ()
    for qt in (each for each in Manifest.read(made).wheels if each.licence.startswith("LGPL")):
        texts = {each.name for each in (made / "licences" / f"{qt.name}-{qt.version}").iterdir()}
        assert texts == {"LGPL-3.0.txt", "GPL-3.0.txt"}
    assert {"pyside6-essentials", "shiboken6"} <= {e.name for e in Manifest.read(made).wheels}


@pytest.mark.parametrize(
    ("asked", "environment", "said"),
    [
        ((), {}, 'name adapters, as in ADAPTERS="jacarta softhsm", DESK=1 or WINDOW=1'),
        (("acme",), {}, "there is no lockwright-acme; there are lockwright, lockwright-desk,"),
        (("jac;arta",), {}, "jac;arta is no name of an adapter"),
        (("softhsm",), {"PIP_NO_INDEX": "1"}, " has no wheel for Python 3."),
    ],
)
def test_what_cannot_be_made_is_told_plainly(
    asked: tuple[str, ...], environment: dict[str, str], said: str, tmp_path: Path
) -> None:
    done = bundle(tmp_path, next(iter(PYTHONS)), *asked, **environment)

    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())
