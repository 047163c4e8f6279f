"""A plugin is held to its distribution, a version of it, and its files, before it is imported."""

from __future__ import annotations

import base64
import hashlib
import shutil
import sys
import tomllib
from collections.abc import Callable
from importlib.metadata import EntryPoint, PathDistribution
from pathlib import Path

import pytest
from lockwright.errors import PluginRequired
from lockwright.registry import HeldTo, Plugin, PluginStatus, Registry
from lockwright.registry.files import FilesDiffer, check, digest_of
from lockwright_testkit.program import Program

CODE = """
from lockwright.adapter import hookimpl
open({trace!r}, "w").close()

@hookimpl(wrapper=True)
def lockwright_wipe(token):
    return (yield)
"""
Install = Callable[..., EntryPoint]


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    """A file that is there once the plugin's code has run."""
    return tmp_path / "ran"


@pytest.fixture
def install(tmp_path: Path, trace: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Install a distribution with the plugin ``eyes`` as pip does; give back its entry point."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.setenv("PYTHONPATH", str(site))

    def installed(
        by: str = "bank-eyes", version: str = "2.0", *, record: bool = True, single: str = ""
    ) -> EntryPoint:
        package = single or f"eyes_{tmp_path.name}_{by}".replace("-", "_")
        info = f"{by.replace('-', '_')}-{version}.dist-info"
        code = CODE.format(trace=str(trace))
        files = {
            f"{package}/__init__.py": f"from {package}.code import lockwright_wipe\n",
            f"{package}/code.py": code,
        }
        files = ({f"{package}.py": code} if single else files) | {
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {by}\nVersion: {version}\n",
            f"{info}/entry_points.txt": f"[lockwright]\neyes = {package}\n",
        }
        lines = [f"{info}/RECORD,,", f"{package}/__pycache__/code.cpython-311.pyc,,"]
        for name, content in files.items():
            (site / name).parent.mkdir(exist_ok=True)
            (site / name).write_text(content)
            digest = base64.urlsafe_b64encode(hashlib.sha256(content.encode()).digest())
            lines.append(f"{name},sha256={digest.rstrip(b'=').decode()},{len(content)}")
        if record:
            (site / info / "RECORD").write_text("\n".join(lines) + "\n")
        [point] = PathDistribution(site / info).entry_points
        return point

    return installed


def only(registry: Registry) -> Plugin:
    [plugin] = registry.plugins
    return plugin


# --- distribution and version ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("allow", "held_to"),
    [
        (None, HeldTo.NOTHING),
        ("eyes", HeldTo.NAME),
        ("eyes @ Bank_Eyes", HeldTo.DISTRIBUTION),
        ("eyes @ bank-eyes==2.0", HeldTo.VERSION),
    ],
)
def test_what_a_plugin_is_held_to_is_known(
    install: Install, allow: str | None, held_to: HeldTo
) -> None:
    plugin = only(Registry(allow=None if allow is None else [allow], found=[install()]))
    assert (plugin.status, plugin.held_to) == (PluginStatus.LOADED, held_to)


@pytest.mark.parametrize("allow", ["eyes @ bank-eyes==1.9", "eyes @ bank-eyes-2", "eyes @ bank"])
def test_an_allowed_name_of_another_distribution_is_not_imported(
    install: Install, trace: Path, allow: str
) -> None:
    plugin = only(Registry(allow=[allow], found=[install()]))
    assert plugin.status is PluginStatus.NOT_ALLOWED
    assert plugin.problem == f"the allow-list names {allow}"
    assert not trace.exists()


def test_another_distribution_does_not_stand_in_for_one_that_is_required(install: Install) -> None:
    registry = Registry(found=[install(by="foreign")])
    registry.require(["eyes", "eyes @ foreign==2.0"])
    with pytest.raises(PluginRequired, match=r"eyes @ bank-eyes.*it is of foreign 2\.0"):
        registry.require(["eyes @ bank-eyes"])


def test_a_name_that_two_distributions_use_is_imported_from_neither(
    install: Install, trace: Path
) -> None:
    points = [install(), install(by="foreign")]
    registry = Registry(allow=["eyes @ bank-eyes"], found=points)
    told = "several distributions bring a plugin of this name: bank-eyes 2.0, foreign 2.0"
    assert [each.problem for each in registry.plugins] == [told] * 2
    assert not trace.exists()


def test_a_distribution_that_left_metadata_behind_is_imported_in_no_version(
    install: Install, trace: Path
) -> None:
    """A pin to one version would be kept by what is left of it, whatever the code is by now."""
    install(by="Bank_Eyes", version="1.0")
    install()
    registry = Registry(allow=["eyes @ bank-eyes==1.0"])
    problems = {each.problem for each in registry.plugins if each.name == "eyes"}
    told = "several distributions bring a plugin of this name: Bank_Eyes 1.0, bank-eyes 2.0"
    assert problems == {told}
    assert not trace.exists()


def test_a_distribution_that_is_hidden_by_another_of_its_name_counts_no_more_than_its_code(
    install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install()
    later = tmp_path / "later"
    shutil.copytree(tmp_path / "site", later)
    monkeypatch.setattr(sys, "path", [*sys.path, str(later), str(tmp_path / "site")])
    [eyes] = [each for each in Registry().plugins if each.name == "eyes"]
    assert (eyes.status, eyes.origin) == (PluginStatus.LOADED, "bank-eyes 2.0")


# --- files ----------------------------------------------------------------------------------------


def test_a_plugin_whose_files_are_those_that_were_pinned_is_loaded(
    install: Install, trace: Path
) -> None:
    point = install()
    registry = Registry(files={"Bank.Eyes": digest_of(point)}, found=[point])
    assert (only(registry).status, only(registry).held_to) == (PluginStatus.LOADED, HeldTo.FILES)
    assert trace.exists()


def change(package: Path) -> None:
    (package / "code.py").write_text("# nothing is approved any more\n")


def remove(package: Path) -> None:
    (package / "code.py").unlink()


def shadow(package: Path) -> None:
    """A package is imported in place of a module of its name."""
    (package / "code").mkdir()
    (package / "code" / "__init__.py").write_text("")


def come_before(package: Path) -> None:
    """So is a module that was compiled."""
    (package / "code.abi3.so").write_bytes(b"")


def come_first(package: Path) -> None:
    """So is one of its name in a folder that Python looks into before."""
    folder = package.parent / "first"
    (folder / package.name).mkdir(parents=True)
    (folder / package.name / "__init__.py").write_text("")
    sys.path.insert(0, str(folder))


def with_record(package: Path) -> None:
    """Changed, and RECORD with it."""
    code, [record] = package / "code.py", package.parent.glob("*.dist-info/RECORD")
    old = base64.urlsafe_b64encode(hashlib.sha256(code.read_bytes()).digest()).rstrip(b"=")
    code.write_text("# nothing is approved any more\n")
    new = base64.urlsafe_b64encode(hashlib.sha256(code.read_bytes()).digest()).rstrip(b"=")
    record.write_bytes(record.read_bytes().replace(old, new))


@pytest.mark.parametrize("harm", [change, remove, shadow, come_before, come_first, with_record])
def test_files_that_are_not_those_that_were_pinned_are_not_imported(
    install: Install, trace: Path, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    point = install()
    digest = digest_of(point)
    harm(tmp_path / "site" / point.module)
    [found] = PathDistribution(Path(str(point.dist._path))).entry_points  # type: ignore[union-attr]  # as it is read the next time
    plugin = only(Registry(files={"bank-eyes": digest}, found=[found]))
    assert plugin.status is PluginStatus.BROKEN, plugin
    assert plugin.problem
    assert not trace.exists()


@pytest.mark.parametrize("in_place", ["eyes.abi3.so", "eyes/__init__.py"])
def test_what_lies_beside_a_plugin_of_one_file_is_not_imported_in_its_place(
    install: Install, in_place: str, tmp_path: Path
) -> None:
    """Its folder is that of everybody, and files of others are no harm there."""
    name = f"eyes_{tmp_path.name}"
    point = install(single=name)
    site = tmp_path / "site"
    (site / "other.py").touch()
    digest = digest_of(point)
    other = site / in_place.replace("eyes", name, 1)
    other.parent.mkdir(exist_ok=True)
    other.touch()
    with pytest.raises(FilesDiffer, match=f"{other} would be imported in place of {name}.py"):
        check(point, digest)


def test_a_distribution_without_a_record_has_no_digest(install: Install) -> None:
    point = install(record=False)
    with pytest.raises(FilesDiffer, match="no RECORD of its files"):
        digest_of(point)


def test_a_plugin_that_is_installed_to_be_edited_has_no_digest() -> None:
    with pytest.raises(FilesDiffer, match="its code is not among the files that RECORD names"):
        digest_of(Registry(allow=[]).point("softhsm"))


# --- the command line -----------------------------------------------------------------------------


def test_the_table_that_is_printed_allows_what_works_and_nothing_else(
    install: Install, tmp_path: Path
) -> None:
    install()
    program = Program(tmp_path / "home")
    program.home.mkdir()
    printed = program.run("plugins", "pin", "--files", environment={"COLUMNS": "80"})
    assert printed.code == 0, printed
    table = tomllib.loads(printed.out)["plugins"]
    assert "eyes @ bank-eyes==2.0" in table["allow"]
    assert list(table["files"]) == ["bank-eyes"]
    assert "lockwright-softhsm: its code is not among the files" in printed.err

    (program.home / "config.toml").write_text(printed.out)
    install(version="2.1")
    (tmp_path / "site" / "bank_eyes-2.0.dist-info" / "entry_points.txt").unlink()
    shown = program.run("plugins", "--config", "config.toml", "--json").document["plugins"]
    held = {each["name"]: (each["status"], each["held_to"]) for each in shown}
    assert held["softhsm"] == ("loaded", "version")
    assert held["eyes"][0] == "not-allowed"


def test_doctor_warns_of_a_plugin_that_is_required_by_its_name_alone(
    install: Install, tmp_path: Path
) -> None:
    install()
    program = Program(tmp_path / "home")
    program.home.mkdir()
    for required, told in (
        ("eyes", "required by a name that any distribution can take"),
        ("eyes @ bank-eyes", "Plugin eyes (bank-eyes 2.0) works; any plugin may run"),
    ):
        (program.home / "config.toml").write_text(f'[plugins]\nrequire = ["{required}"]\n')
        assert told in program.run("doctor", "--config", "config.toml").out
