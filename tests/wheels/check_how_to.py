"""docs/how-to/choose-adapters.md, followed word for word: a bundle is made, and installed."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from bundling.sources import REPOSITORY
from lockwright_testkit.pki import TestCa, key_pem, pem
from wheel_bench import told

PAGE = REPOSITORY / "docs" / "how-to" / "choose-adapters.md"
_SHELL = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
ALONE = ("unshare", "--map-root-user", "--net", "--mount")


def blocks(heading: str) -> str:
    """What is to be typed below a heading."""
    below = PAGE.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2]
    return "".join(_SHELL.findall(below.partition("\n## ")[0]))


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    """The bank's signer and its CA, and the Python of the set-up as ``python3``."""
    ca = TestCa.root("CN=Bank")
    certificate, key = ca.server("signer.bank.example")
    (tmp_path / "signer.pem").write_bytes(pem(certificate))
    (tmp_path / "signer.key").write_bytes(key_pem(key))
    (tmp_path / "bank-ca.pem").write_bytes(pem(ca.certificate))
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "python3").symlink_to(Path(sys.base_prefix) / "bin" / "python3")
    (tmp_path / "opt").mkdir()
    return tmp_path


def test_the_page_leads_from_a_commit_to_an_installed_bundle(bank: Path) -> None:
    """In a folder where the checkout lies beside the signer's files; then without network."""
    for name in ("Makefile", ".venv", ".git", "requirements", "tools", "build"):
        (bank / name).symlink_to(REPOSITORY / name)
    making = f'{blocks("Make a bundle")}echo "$bundle"'

    made = told("bash", "-euc", making, folder=bank)

    assert made.returncode == 0, made.stderr
    assert made.stdout.count("It is whole.") == 2
    assert "Its signature leads to that CA." in made.stdout
    bundle = made.stdout.splitlines()[-1]
    installed = told(
        *(*ALONE, "bash", "-euc", f"mount --bind {bank}/opt /opt\n{blocks('Install it')}"),
        environment={"HOME": str(bank), "PATH": f"{bank}/bin:/usr/bin:/bin:/usr/sbin:/sbin"},
        folder=bank / bundle,
    )
    assert installed.returncode == 0, installed.stderr
    assert "No broken requirements found." in installed.stdout
    listed = told(bank / "opt" / "lockwright" / "bin" / "python", "-c", PLUGINS)
    assert json.loads(listed.stdout) == ["jacarta", "softhsm"]


PLUGINS = """
import json
from importlib.metadata import entry_points
print(json.dumps(sorted(each.name for each in entry_points(group="lockwright"))))
"""
