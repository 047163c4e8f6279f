"""The kit's nginx lets in whoever shows a certificate of the right CA, and nobody else."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from lockwright_testkit.nginx import Nginx
from lockwright_testkit.pki import TestCa, key_pem, pem

CLIENTS = TestCa.root("CN=Clients")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Nginx]:
    """A server that demands a certificate of ``CLIENTS``."""
    (tmp_path / "clients.pem").write_bytes(pem(CLIENTS.certificate))
    (tmp_path / "nginx").mkdir()
    with Nginx(tmp_path / "nginx", TestCa.root(), tmp_path / "clients.pem") as running:
        yield running


def visit(server: Nginx, *options: str | Path) -> str:
    """What curl gets, with the status behind it."""
    command = ["curl", "-sS", "-w", "%{http_code}", "--cacert", server.ca, *options, server.url]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def identity(folder: Path, ca: TestCa) -> Path:
    """A file with a certificate of a CA and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    file = folder / "identity.pem"
    file.write_bytes(pem(ca.issue(key.public_key(), "CN=Anna Petrova,O=Bank")) + key_pem(key))
    return file


def test_a_visitor_with_a_certificate_is_told_whose_it_is(server: Nginx, tmp_path: Path) -> None:
    assert visit(server, "--cert", identity(tmp_path, CLIENTS)) == "CN=Anna Petrova,O=Bank\n200"


def test_a_visitor_without_a_certificate_is_refused(server: Nginx) -> None:
    assert visit(server).endswith("400")


def test_a_certificate_of_another_ca_is_refused(server: Nginx, tmp_path: Path) -> None:
    assert visit(server, "--cert", identity(tmp_path, TestCa.root("CN=Others"))).endswith("400")


def test_nothing_runs_after_the_end(server: Nginx, tmp_path: Path) -> None:
    with Nginx(_folder(tmp_path), TestCa.root(), tmp_path / "clients.pem") as other:
        pass

    assert other.port != server.port
    with pytest.raises(subprocess.CalledProcessError):
        visit(other)


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    nginx = Nginx(_folder(tmp_path), TestCa.root(), tmp_path / "nobody.pem")

    with pytest.raises(RuntimeError, match=r"nobody\.pem"), nginx:
        pass


def _folder(tmp_path: Path) -> Path:
    folder = tmp_path / "another"
    folder.mkdir()
    return folder
