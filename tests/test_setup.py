"""The set-up names what is missing and stops, where it may not install it itself."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SETUP = Path(__file__).parent.parent / "tools" / "setup.sh"
ALWAYS_THERE = ("bash", "cat", "cksum", "dirname", "env", "id", "ls", "rm", "uname")
READ = (
    "requirements/dev.txt",
    "pyproject.toml",
    "core/pyproject.toml",
    "desk/pyproject.toml",
    "plugins/one/pyproject.toml",
    "tests/kit/pyproject.toml",
)
PACKAGES = ("cc", "curl", "openssl", "p11tool", "pk12util", "pkcs11-tool", "pki")


@pytest.fixture
def computer(tmp_path: Path) -> Path:
    """A folder of programs: a computer with every system package but without any Python."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in (*ALWAYS_THERE, *PACKAGES):
        found = shutil.which(name)
        assert found is not None
        (programs / name).symlink_to(found)
    return programs


def set_up(computer: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a copy of the set-up that finds these programs and no others, apt-get least of all."""
    copy = computer.parent / "tree" / "tools" / "setup.sh"
    for name in READ:
        file = copy.parent.parent / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    copy.parent.mkdir()
    copy.write_bytes(SETUP.read_bytes())
    return subprocess.run(
        [computer / "bash", copy],
        env={"PATH": str(computer), "NO_APT": "1"} | environment,
        check=False,
        capture_output=True,
        text=True,
    )


def test_setup_names_the_packages_when_programs_are_missing(computer: Path) -> None:
    (computer / "cc").unlink()
    (computer / "p11tool").unlink()
    (computer / "pki").unlink()
    (computer / "pkcs11-tool").unlink()

    done = set_up(computer)

    assert done.returncode == 1
    assert "install --no-install-recommends opensc gnutls-bin strongswan-pki gcc\n" in done.stderr


def test_setup_names_the_python_when_there_is_none(computer: Path) -> None:
    done = set_up(computer)

    assert done.returncode == 1
    assert "sudo apt-get install --no-install-recommends python3.11 python3.11-venv" in done.stderr


def test_setup_names_the_venv_package_when_python_cannot_make_one(computer: Path) -> None:
    python = computer / "python3.12"
    python.write_text(
        '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1 ;; *print*) echo python3.12-venv ;; esac\n'
    )
    python.chmod(0o755)

    done = set_up(computer)

    assert done.returncode == 1
    assert "apt-get install --no-install-recommends python3.12-venv" in done.stderr


def test_setup_refuses_a_python_of_the_users_choice_when_it_is_too_old(computer: Path) -> None:
    python = computer / "python3.10"
    python.write_text("#!/bin/sh\nexit 1\n")
    python.chmod(0o755)

    done = set_up(computer, PYTHON="python3.10")

    assert done.returncode == 1
    assert "PYTHON=python3.10 is no Python 3.11 or newer" in done.stderr


def test_setup_ends_at_once_when_it_was_done_before(computer: Path) -> None:
    python = computer / "python3.12"  # which only notes what it is asked to do
    python.write_text(
        "#!/bin/bash\n"
        'if [ "$2" = venv ]; then mkdir -p "$4/bin"; cp "$0" "$4/bin/python"; fi\n'
        'echo "$*" >>calls\n'
    )
    python.chmod(0o755)
    for name in ("mkdir", "cp", "grep"):
        (computer / name).symlink_to(str(shutil.which(name)))
    tree = computer.parent / "tree"

    first = set_up(computer)
    calls = (tree / "calls").read_text()
    again = subprocess.run(
        [computer / "bash", tree / "tools" / "setup.sh"],
        env={"PATH": str(computer), "NO_APT": "1"},
        check=False,
        capture_output=True,
        text=True,
    )

    assert first.returncode == 0, first.stderr
    assert "--require-hashes --requirement requirements/dev.txt" in calls
    members = ("core", "desk", "plugins/one", "tests/kit")
    assert " ".join(f"--editable ./{member}" for member in members) in calls
    assert again.returncode == 0
    assert again.stderr == ""
    assert (tree / "calls").read_text() == calls
