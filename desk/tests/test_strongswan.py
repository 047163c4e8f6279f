"""strongSwan's ``pki --est`` as a client of the desk, none of our own code.

It says nothing of itself, sends one line of base64 without an end, and asks only for the desk's
first profile. Version 5.9.8, Debian 12's, reads only such a line; 6.0.1 of Debian 13, with which
these tests ran too (``tools/debian13.sh``), reads lines as well.
"""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

from cryptography import x509
from desk_client import new_login
from desk_home import Home, Server

TRUSTED = b"Issued certificate is trusted"


def address(server: Server) -> str:
    """Where it is, by number: of the addresses of a name it tries only the first."""
    return server.url.replace("localhost", "127.0.0.1")


def pki(folder: Path, line: str) -> subprocess.CompletedProcess[bytes]:
    command = ["pki", *shlex.split(line)]
    return subprocess.run(command, cwd=folder, check=False, capture_output=True)


def make_request(folder: Path, name: str, subject: str) -> None:
    """Make a key, ``NAME.key``, and its request, ``NAME.csr``."""
    made = pki(folder, "--gen --type ecdsa --size 256")
    (folder / f"{name}.key").write_bytes(made.stdout)
    made = pki(folder, f"--req --in {name}.key --type ecdsa --dn '{subject}'")
    (folder / f"{name}.csr").write_bytes(made.stdout)


def test_strongswan_enrols_and_renews(server: Server, tmp_path: Path) -> None:
    login = new_login()
    password = server.home.otp(login, name="Boris")
    est = f"--est --url {address(server)} --cacert {server.ca}"
    for name in ("old", "new"):
        make_request(tmp_path, name, "C=RU, O=Bank, CN=Boris")

    old = pki(tmp_path, f"{est} --in old.csr --userpass {login}:{password}")
    (tmp_path / "old.der").write_bytes(old.stdout)
    new = pki(tmp_path, f"{est} --in new.csr --cert old.der --key old.key")

    for done in (old, new):
        assert TRUSTED in done.stderr
        issued = x509.load_der_x509_certificate(done.stdout)
        assert issued.subject.rfc4514_string() == "CN=Boris,O=Bank,C=RU"
    assert old.stdout != new.stdout


def test_strongswan_waits_for_approval(tmp_path: Path) -> None:
    home = Home(tmp_path / "desk", changes={"approval = false": "approval = true\nretry_after = 1"})
    home.init()
    password = home.otp("waits", name="Waits")
    make_request(tmp_path, "waits", "CN=Waits")

    with home.serving() as server:
        est = f"--est --url {address(server)} --cacert {home.ca} --in waits.csr"
        patience = f"--userpass waits:{password} --interval 1 --maxpolltime 60"
        command = ["pki", *shlex.split(f"{est} {patience}")]
        with subprocess.Popen(
            command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as polling:
            while not home.run("requests", "list", "--json").document["requests"]:
                assert polling.poll() is None
            home.run("requests", "approve", "1")
            _out, err = polling.communicate(timeout=90)

    assert polling.returncode == 0
    assert TRUSTED in err


def test_strongswan_fetches_the_ca_certificate(server: Server, tmp_path: Path) -> None:
    done = pki(tmp_path, f"--estca --url {address(server)} --cacert {server.ca}")

    assert b"Root CA cert is trusted" in done.stderr
