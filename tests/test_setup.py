"""The set-up names what is missing and stops, where it may not install it itself."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SETUP = Path(__file__).parent.parent / "tools" / "setup.sh"
ALWAYS_THERE = (
    *("bash", "cat", "cksum", "dirname", "env", "id", "ls", "mkdir", "rm", "tail", "true"),
    *("uname", "wc"),
)
READ = (
    "requirements/dev.txt",
    "pyproject.toml",
    "core/pyproject.toml",
    "desk/pyproject.toml",
    "plugins/one/pyproject.toml",
    "tests/kit/pyproject.toml",
)
PACKAGES = (
    "cc",
    "curl",
    "keytool",
    "openssl",
    "p11tool",
    "pk12util",
    "pkcs11-tool",
    "pki",
    "setfacl",
    "tinyproxy",
)


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
    """Run a copy of the set-up that finds these programs and no others."""
    copy = computer.parent / "tree" / "tools" / "setup.sh"
    for name in READ:
        file = copy.parent.parent / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    copy.parent.mkdir(exist_ok=True)
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


def gets_apt(computer: Path, last: str, *, ends: int) -> None:
    """Give the computer an apt-get that talks a lot, and a sudo that asks for no password."""
    apt = computer / "apt-get"
    apt.write_text(
        "#!/bin/bash\n"
        f'for each in {{1..400}}; do echo "$* $each"; done; echo "{last}" >&2\n'
        f"[[ $* != *install* ]] || exit {ends}\n"
    )
    sudo = computer / "sudo"
    sudo.write_text('#!/bin/bash\nshift\nexec "$@"\n')
    for each in (apt, sudo):
        each.chmod(0o755)


def test_what_apt_says_is_in_a_log_when_it_installs(computer: Path) -> None:
    (computer / "cc").unlink()
    gets_apt(computer, "Setting up gcc", ends=0)

    done = set_up(computer, NO_APT="")

    assert done.stdout == ""
    assert done.stderr.splitlines()[0] == (
        "set-up: installing system packages: gcc (log: build/set-up.log)"
    )
    assert "Setting up" not in done.stderr
    log = (computer.parent / "tree" / "build" / "set-up.log").read_text()
    assert "\nupdate -qq 400\n" in log
    assert "--no-install-recommends gcc 1\n" in log
    assert "\nSetting up gcc\n" in log


def test_the_end_of_what_apt_said_is_shown_when_it_fails(computer: Path) -> None:
    (computer / "cc").unlink()
    gets_apt(computer, "E: Unable to locate package gcc", ends=100)

    done = set_up(computer, NO_APT="")

    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert lines[-3:] == [
        "E: Unable to locate package gcc",
        "set-up: the whole of it is in build/set-up.log",
        "set-up: apt-get could not install: gcc",
    ]
    assert len(lines) < 30


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
    for name in ("cp", "grep"):
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
