"""``lockwright-kit new --update``: the template moves on, and the author's work stays."""

from __future__ import annotations

import json
import shutil
import subprocess
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from lockwright_testkit.cli.app import main
from lockwright_testkit.cli.project import making, updating
from lockwright_testkit.cli.project.template import HOME, bounds

STRINGS = ("--module", "/usr/lib/acme/libacme11.so", "--manufacturer", "Acme Ltd", "--model", "One")
ADAPTER = "src/lockwright_acme/__init__.py"
CHANGES = "CHANGELOG.md"


def git(*arguments: str) -> str:
    own = ("-c", "user.name=Anna", "-c", "user.email=anna@bank.example")
    return subprocess.run(
        ["git", *own, *arguments], check=True, capture_output=True, text=True
    ).stdout


def commit() -> None:
    git("add", ".")
    git("commit", "--quiet", "--message", "so far")


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A project of the template as it is, under git; the current folder is the project."""
    project = tmp_path / "project"
    assert main(["new", "Acme", *STRINGS, "--folder", str(project)]) == 0
    monkeypatch.chdir(project)
    git("init", "--quiet")
    commit()


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A copy of the kit's template that may be changed: its next version."""
    return shutil.copytree(HOME / "files", tmp_path / "template")


def changed(file: Path, before: str, after: str) -> None:
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after))


def update(capsys: pytest.CaptureFixture[str], template: Path, code: int = 0) -> Mapping[str, Any]:
    capsys.readouterr()
    assert main(["new", "--update", "--template", str(template), "--json"]) == code
    told: Mapping[str, Any] = json.loads(capsys.readouterr().out)
    return told


def test_a_project_of_this_template_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["new", "--update"]) == 0
    assert capsys.readouterr().out == "It is up to date.\n"
    assert git("status", "--porcelain") == ""


def test_what_the_template_changed_comes_and_what_the_author_changed_stays(
    template: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed(Path(ADAPTER), "\n\nadapter =", '    not_offered = {"wipe": "no"}\n\n\nadapter =')
    Path("src/lockwright_acme/own.py").write_text("mine = True\n")
    commit()
    changed(template / "src/@{package}/__init__.py.in", "tokens.", "tokens and cards.")
    (template / "SECURITY.md.in").write_text("Of @{vendor}.\n")
    (template / ".gitignore.in").unlink()

    told = update(capsys, template)

    assert told["changed"] == ["SECURITY.md", ADAPTER]
    assert (told["removed"], told["conflicts"], told["left"]) == ([".gitignore"], [], [])
    merged = Path(ADAPTER).read_text()
    assert "tokens and cards." in merged
    assert "not_offered" in merged
    assert Path("SECURITY.md").read_text() == "Of Acme.\n"
    assert not Path(".gitignore").exists()
    assert Path("src/lockwright_acme/own.py").exists()


def test_the_evidence_comes_to_an_older_project_and_what_was_added_to_it_stays(
    template: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evidence, source = "src/lockwright_acme/evidence.toml", "src/@{package}/evidence.toml.in"
    text = (template / source).read_text()
    (template / source).unlink()
    assert update(capsys, template)["removed"] == [evidence]
    commit()
    (template / source).write_text(text)
    assert update(capsys, template)["changed"] == [evidence]

    with Path(evidence).open("a") as file:
        file.write('\n[[tested]]\ntoken = "One 1"\n')
    changed(Path(evidence), '"written"', '"tested"')
    commit()
    (template / source).write_text("# Told anew.\n" + text)
    assert update(capsys, template)["changed"] == [evidence]
    told = tomllib.loads(Path(evidence).read_text())
    assert (told["claim"]["tier"], told["tested"]) == ("tested", [{"token": "One 1"}])
    assert Path(evidence).read_text().startswith("# Told anew.\n")


def test_the_same_update_again_changes_nothing(
    template: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed(template / f"{CHANGES}.in", "### Added", "### New")
    assert update(capsys, template)["changed"] == [CHANGES]
    commit()
    assert update(capsys, template)["changed"] == []
    capsys.readouterr()
    assert main(["new", "--update"]) == 0, "the project knows its template"
    assert "up to date" in capsys.readouterr().out


def test_both_versions_stand_there_where_both_changed_the_same_line(
    template: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed(Path(CHANGES), "### Added", "### Mine")
    commit()
    changed(template / f"{CHANGES}.in", "### Added", "### Theirs")
    assert update(capsys, template, code=1)["conflicts"] == [CHANGES]
    text = Path(CHANGES).read_text()
    assert "<<<<<<< yours\n### Mine\n" in text
    assert "### Theirs\n>>>>>>> the template now\n" in text


def test_what_the_author_deleted_stays_deleted(
    template: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(CHANGES).unlink()
    changed(Path("README.md"), "Acme", "ACME")
    commit()
    changed(template / f"{CHANGES}.in", "### Added", "### New")
    (template / "README.md.in").unlink()
    told = update(capsys, template)
    assert told["left"] == [CHANGES, "README.md"]
    assert not Path(CHANGES).exists()
    assert "ACME" in Path("README.md").read_text()


@pytest.mark.parametrize("why", ["not committed", "no git", "no project", "damaged", "outside"])
def test_what_cannot_be_undone_or_is_no_project_is_refused(
    why: str, template: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed(template / f"{CHANGES}.in", "### Added", "### New")
    record = Path(".lockwright-kit.json")
    if why == "not committed":
        changed(Path(CHANGES), "### Added", "### Mine")
    elif why == "no git":
        shutil.rmtree(".git")
    elif why == "no project":
        record.unlink()
    elif why == "damaged":
        record.write_text('{"answers": []}')
    else:
        changed(record, f'"{CHANGES}"', '"../../elsewhere"')
    before = Path(CHANGES).read_text()
    told = update(capsys, template, code=40)["error"]["code"]
    assert told == ("kit-git" if why in {"not committed", "no git"} else "kit-no-project")
    assert Path(CHANGES).read_text() == before


@pytest.mark.parametrize("why", ["@{nothing}", "empty", "gone"])
def test_a_template_that_cannot_be_used_is_refused(
    why: str, template: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if why == "gone":
        shutil.rmtree(template)
    elif why == "empty":
        shutil.rmtree(template)
        template.mkdir()
    else:
        (template / "x.in").write_text(why)
    assert update(capsys, template, code=40)["error"]["code"] == "kit-template"


def test_a_disk_that_fails_in_the_middle_leaves_the_project_as_it_was(
    template: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in (CHANGES, "README.md"):
        changed(template / f"{name}.in", "lockwright" if name == "README.md" else "Added", "X")
    write, told = making.write, list[str]()

    def fails(folder: Path, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            write(folder, {name: text})
            told.append(name)
            if name == CHANGES and "X" in text and folder == Path.cwd():
                raise OSError(28, "No space left on device")

    monkeypatch.setattr(updating, "write", fails)
    assert update(capsys, template, code=40)["error"]["code"] == "kit-folder"
    assert CHANGES in told
    assert git("status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("version", "kept"),
    [("0.1.0", ">=0.1,<0.2"), ("0.12.3", ">=0.12,<0.13"), ("2.3.0rc1", ">=2.3,<3")],
)
def test_a_project_takes_the_versions_that_keep_what_was_promised(version: str, kept: str) -> None:
    assert bounds(version) == kept


def test_what_a_link_leads_to_elsewhere_is_not_written(
    template: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "elsewhere").write_text(Path(CHANGES).read_text())
    Path(CHANGES).unlink()
    Path(CHANGES).symlink_to(tmp_path / "elsewhere")
    commit()
    changed(template / f"{CHANGES}.in", "# Changelog", "# Changes")
    assert update(capsys, template, 40)["error"]["code"] == "kit-folder"
    assert (tmp_path / "elsewhere").read_text().startswith("# Changelog")
