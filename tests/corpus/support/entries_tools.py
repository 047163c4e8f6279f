"""Entries of the corpus that other programs made, each in its own way."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from corpus_entry import CERTIFICATE, Entry
from corpus_token import CorpusToken
from entries_objects import BY_ID, PRIVATE, SHARED


def tool(kind: str, *commands: Sequence[str], **more: Any) -> Entry:
    """Objects made by OpenSC's pkcs11-tool."""

    def fill(token: CorpusToken) -> None:
        for command in commands:
            login = ("--module", token.module, "--login", "--pin", token.pin)
            token.tool("pkcs11-tool", *login, *command)

    return Entry(name=kind, made="pkcs11-tool (OpenSC 0.23)", fill=fill, **more)


def by_java(token: CorpusToken) -> None:
    """A key pair and its certificate as Java keeps them: no public key, the alias as id."""
    with TemporaryDirectory() as folder:
        provider = Path(folder, "provider.cfg")
        provider.write_text(f"name=Corpus\nlibrary={token.module}\nslotListIndex=0\n")
        where = ("-keystore", "NONE", "-storetype", "PKCS11", "-storepass", token.pin)
        made = ("-alias", "java alias", "-keyalg", "EC", "-groupname", "secp256r1")
        java = ("-addprovider", "SunPKCS11", "-providerarg", provider)
        valid = ("-dname", "CN=Java", "-validity", "3000")
        token.tool("keytool", "-genkeypair", *made, *valid, *where, *java)


def by_p11tool(token: CorpusToken) -> None:
    """A certificate first and its key later, each without ``--id``: their ids differ."""
    with TemporaryDirectory() as folder:
        secret, public = Path(folder, "key.pem"), Path(folder, "certificate.pem")
        request = ("-newkey", "rsa:2048", "-nodes", "-subj", "/CN=GnuTLS", "-days", "3000")
        token.tool("openssl", "req", "-x509", *request, "-keyout", secret, "-out", public)
        login = ("--provider", token.module, "--login", f"--set-pin={token.pin}", "--write")
        for label, what in (("gnutls cert", public), ("gnutls key", secret)):
            kind = "--load-certificate" if what is public else "--load-privkey"
            token.tool("p11tool", *login, kind, what, "--label", label, "pkcs11:token=Corpus")


ENTRIES: Sequence[Entry] = (
    Entry(
        name="java-keytool-alias",
        made="keytool (OpenJDK 17)",
        fill=by_java,
        english=("java alias", BY_ID[0]),
        russian=("java alias", BY_ID[1]),
        deletes={"java alias": (*PRIVATE, *CERTIFICATE)},
        token=lambda makers: (
            makers.softhsm()
        ),  # Java opens no token with certificates as odd as ours
    ),
    Entry(
        name="p11tool-without-id",
        made="p11tool (GnuTLS 3.7.9)",
        fill=by_p11tool,
        english=("gnutls key", "GnuTLS"),
        russian=("gnutls key", "GnuTLS"),
        deletes={"gnutls key": (*PRIVATE, *CERTIFICATE)},
    ),
    tool(
        "pkcs11-tool-without-id-and-label",
        ("--keypairgen", "--key-type", "EC:prime256v1"),
        english=(BY_ID[0],),
        russian=(BY_ID[1],),
    ),
    tool(
        "pkcs11-tool-two-pairs-of-one-id",
        ("--keypairgen", "--key-type", "rsa:2048", "--id", "4141", "--label", "same"),
        ("--keypairgen", "--key-type", "rsa:2048", "--id", "4141", "--label", "same"),
        english=(SHARED[0], "4141"),
        russian=(SHARED[1],),
    ),
)
