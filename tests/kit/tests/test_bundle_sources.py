"""``lockwright-kit verify --repository``: our wheels hold just what the commit has."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from lockwright_testkit.bundle.verify import verify
from lockwright_testkit.cli.app import main
from made_bundle import COMMIT, COMMITTED, make_bundle, rewrite

ACME = "wheels/lockwright_acme-0.1.0-py3-none-any.whl"
CODE = {"lockwright_acme/__init__.py": "adapter = 1\n", "lockwright_acme/pins.py": "pins = 2\n"}
MANUAL = {"lockwright_acme-0.1.0.data/data/share/man/man1/acme.1": "how to\n"}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Sources of acme, committed when the bundle says."""
    folder = tmp_path / "sources"
    lies = {f"plugins/acme/src/{name}": text for name, text in CODE.items()}
    for name, text in {**lies, "plugins/acme/man/acme.1": "how to\n"}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "Acme")
    return folder


def git(folder: Path, *arguments: str) -> str:
    who = {
        f"GIT_{role}_{what}": "x" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    when = {"GIT_COMMITTER_DATE": f"@{COMMITTED} +0000", "GIT_CONFIG_GLOBAL": os.devnull}
    return subprocess.run(
        ["git", "-C", folder, *arguments],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | who | when,
    ).stdout.strip()


def bundle_of(repository: Path, into: Path, code: dict[str, str]) -> Path:
    """A bundle that says everywhere that it is of the repository's commit."""
    bundle = make_bundle(into, code=code)
    commit = git(repository, "rev-parse", "HEAD")
    for file in ("bundle.json", "sbom.cdx.json", "INSTALL.txt", "INSTALL.ru.txt"):
        rewrite(file, COMMIT, commit)(bundle)
    return bundle


def test_what_is_of_the_commit_is_whole(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = bundle_of(repository, tmp_path / "bundle", {**CODE, **MANUAL})
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "of-a-hook"))

    assert main(["verify", str(bundle), "--repository", str(repository)]) == 0


WRONG = {
    "a file is another": (
        {**CODE, "lockwright_acme/pins.py": "pins = 3\n"},
        "has another lockwright_acme/pins.py than",
    ),
    "a file came along": (
        {**CODE, "lockwright_acme/evil.py": ""},
        "has lockwright_acme/evil.py, which the commit does not",
    ),
    "a module came along": ({**CODE, "evil.py": ""}, "has evil.py, which the commit does not have"),
    "a file is missing": (
        {"lockwright_acme/__init__.py": "adapter = 1\n"},
        "lacks lockwright_acme/pins.py, which the commit has",
    ),
    "what goes elsewhere is another": (
        {**CODE, next(iter(MANUAL)): "what to\n"},
        "acme.1, which the commit does not have",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wheel_that_is_not_of_the_commit_is_told_file_by_file(
    what: str, repository: Path, tmp_path: Path
) -> None:
    """Everything else about it is right, so nothing but the sources tells."""
    code, said = WRONG[what]
    bundle = bundle_of(repository, tmp_path / "bundle", code)

    assert verify(bundle).findings == ()
    (found,) = verify(bundle, repository=repository).findings
    assert (found.file, said in found.what) == (ACME, True), found


def test_a_commit_that_is_not_there_or_of_another_time_is_told(
    repository: Path, tmp_path: Path
) -> None:
    elsewhere = make_bundle(tmp_path / "elsewhere", code=CODE)
    (found,) = verify(elsewhere, repository=repository).findings
    assert found.what == f"says a commit that {repository} does not have"
    (found,) = verify(elsewhere, repository=tmp_path / "elsewhere").findings
    assert "git reads no repository in" in found.what

    option = f"--output={tmp_path}/written"
    rewrite("bundle.json", COMMIT, option)(elsewhere)
    told = [each.what for each in verify(elsewhere, repository=repository).findings]
    assert f"says the commit {option}, which is none" in told
    assert not (tmp_path / "written").exists()

    later = bundle_of(repository, tmp_path / "later", CODE)
    rewrite("bundle.json", f'"committed": {COMMITTED}', f'"committed": {COMMITTED + 1}')(later)
    (found,) = verify(later, repository=repository).findings
    assert found.what == f"says another time of its commit than {repository} does"
