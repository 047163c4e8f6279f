"""Independent programs as peers: curl and strongSwan as clients, openssl as the judge."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from desk_client import new_login
from desk_home import Home, Server


def openssl(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["openssl", *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout


def curl(
    server: Server, folder: Path, path: str, *arguments: str
) -> subprocess.CompletedProcess[str]:
    command = ["curl", "-sS", "--cacert", str(server.home.ca), *arguments, server.url + path]
    return subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)


def pki(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["pki", *arguments], cwd=folder, check=False, capture_output=True)


@pytest.fixture
def csr(tmp_path: Path) -> Path:
    """A key and a request by openssl, the request in base64 lines."""
    openssl(
        tmp_path,
        "genpkey",
        "-algorithm",
        "EC",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-out",
        "k.pem",
    )
    openssl(
        tmp_path,
        "req",
        "-new",
        "-key",
        "k.pem",
        "-subj",
        "/C=RU/O=Bank/CN=Anna Petrova",
        "-outform",
        "DER",
        "-out",
        "r.der",
    )
    openssl(tmp_path, "base64", "-in", "r.der", "-out", "r.b64")
    return tmp_path


def test_curl_enrols_and_renews_and_openssl_agrees(server: Server, csr: Path) -> None:
    login = new_login()
    password = server.home.otp(login, name="Anna Petrova")
    post = ("-H", "Content-Type: application/pkcs10", "--data-binary", "@r.b64")

    got = curl(
        server, csr, "/.well-known/est/client/simpleenroll", "-u", f"{login}:{password}", *post
    )
    (csr / "got.b64").write_text(got.stdout + "\n")
    openssl(csr, "base64", "-d", "-A", "-in", "got.b64", "-out", "got.p7")
    openssl(csr, "pkcs7", "-inform", "DER", "-in", "got.p7", "-print_certs", "-out", "got.pem")
    again = curl(
        server,
        csr,
        "/.well-known/est/client/simplereenroll",
        "--cert",
        "got.pem",
        "--key",
        "k.pem",
        *post,
    )

    ca = str(server.home.ca)
    shown = openssl(
        csr, "x509", "-in", "got.pem", "-noout", "-subject", "-ext", "keyUsage,extendedKeyUsage"
    )
    assert (
        openssl(csr, "verify", "-x509_strict", "-purpose", "sslclient", "-CAfile", ca, "got.pem")
        == "got.pem: OK\n"
    )
    assert "C = RU, O = Bank, CN = Anna Petrova" in shown
    assert "TLS Web Client Authentication" in shown
    assert again.stdout.startswith("MII")


def test_strongswan_enrols_and_renews(server: Server, tmp_path: Path) -> None:
    """strongSwan sends one line of base64 without an end, and reads only such a line."""
    login = new_login()
    password = server.home.otp(login, name="Boris")
    base = ("--est", "--url", server.url, "--cacert", str(server.home.ca))
    for key, csr in (("old.key", "old.csr"), ("new.key", "new.csr")):
        (tmp_path / key).write_bytes(
            pki(tmp_path, "--gen", "--type", "ecdsa", "--size", "256").stdout
        )
        made = pki(
            tmp_path, "--req", "--in", key, "--type", "ecdsa", "--dn", "C=RU, O=Bank, CN=Boris"
        )
        (tmp_path / csr).write_bytes(made.stdout)

    old = pki(tmp_path, *base, "--in", "old.csr", "--userpass", f"{login}:{password}")
    (tmp_path / "old.der").write_bytes(old.stdout)
    new = pki(tmp_path, *base, "--in", "new.csr", "--cert", "old.der", "--key", "old.key")
    (tmp_path / "new.der").write_bytes(new.stdout)

    assert b"Issued certificate is trusted" in old.stderr
    assert b"Issued certificate is trusted" in new.stderr
    for name in ("old.der", "new.der"):
        shown = openssl(tmp_path, "x509", "-inform", "DER", "-in", name, "-noout", "-subject")
        assert shown == "subject=C = RU, O = Bank, CN = Boris\n"


def test_strongswan_waits_for_approval(tmp_path: Path) -> None:
    """It asks only for the desk's first profile, so that one wants approval here."""
    home = Home(tmp_path / "desk", changes={"approval = false": "approval = true\nretry_after = 1"})
    home.init()
    password = home.otp("waits", name="Waits")
    (tmp_path / "k").write_bytes(pki(tmp_path, "--gen", "--type", "ecdsa", "--size", "256").stdout)
    made = pki(tmp_path, "--req", "--in", "k", "--type", "ecdsa", "--dn", "CN=Waits")
    (tmp_path / "r").write_bytes(made.stdout)

    with home.serving() as server:
        command = ["pki", "--est", "--url", server.url, "--cacert", str(home.ca), "--in", "r"]
        command += ["--userpass", f"waits:{password}", "--interval", "1", "--maxpolltime", "60"]
        with subprocess.Popen(
            command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as polling:
            while not home.run("requests", "list", "--json").document["requests"]:
                assert polling.poll() is None
            home.run("requests", "approve", "1")
            _out, err = polling.communicate(timeout=90)

    assert polling.returncode == 0
    assert b"Issued certificate is trusted" in err


def test_strongswan_fetches_the_ca_certificate(server: Server, tmp_path: Path) -> None:
    done = pki(tmp_path, "--estca", "--url", server.url, "--cacert", str(server.home.ca))

    assert b"Root CA cert is trusted" in done.stderr


def test_openssl_sees_a_revocation_in_the_list(server: Server, csr: Path) -> None:
    login = new_login()
    password = server.home.otp(login, name="Anna Petrova")
    post = ("-H", "Content-Type: application/pkcs10", "--data-binary", "@r.b64")
    got = curl(
        server, csr, "/.well-known/est/client/simpleenroll", "-u", f"{login}:{password}", *post
    )
    (csr / "got.b64").write_text(got.stdout + "\n")
    openssl(csr, "base64", "-d", "-A", "-in", "got.b64", "-out", "got.p7")
    openssl(csr, "pkcs7", "-inform", "DER", "-in", "got.p7", "-print_certs", "-out", "got.pem")
    serial = openssl(csr, "x509", "-in", "got.pem", "-noout", "-serial").strip().partition("=")[2]

    def judged() -> str:
        curl(server, csr, "/crl", "-o", "crl.der")
        openssl(csr, "crl", "-inform", "DER", "-in", "crl.der", "-out", "crl.pem")
        done = subprocess.run(
            [
                "openssl",
                "verify",
                "-crl_check",
                "-CAfile",
                server.home.ca,
                "-CRLfile",
                "crl.pem",
                "got.pem",
            ],
            cwd=csr,
            check=False,
            capture_output=True,
            text=True,
        )
        return done.stdout + done.stderr

    before = judged()
    server.home.run("certificates", "revoke", serial, "--reason", "key-compromise")
    after = judged()

    assert before == "got.pem: OK\n"
    assert "certificate revoked" in after
    assert "Key Compromise" in openssl(csr, "crl", "-in", "crl.pem", "-noout", "-text")
