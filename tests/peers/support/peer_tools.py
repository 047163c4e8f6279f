"""Five programs that list a token, and how a person reads what each of them says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus_token import CorpusToken
from peer_facts import Listing, Thing

LOCKWRIGHT = Path(sys.executable).with_name("lockwright")
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "TZ": "UTC", "COLUMNS": "36"}
"""English, one time zone, and lockwright's blocks instead of its table: they say the same."""
NSS = "NSS Internal PKCS #11 Module"
_NO_KEY = ("certificate only", "public key only")
_NICKNAME = re.compile(r"^(\S.*?) +(\w*,\w*,\w*) *$", re.MULTILINE)
_NSS_KEY = re.compile(r"^< *\d+> (\w+) +(\S.*)$", re.MULTILINE)
_KIND_AND_ID = {
    "pkcs11-tool": re.compile(r"^(\w+(?: \w+)?) Object(?:.*\n)*?  ID: +(\w+)", re.MULTILINE),
    "p11tool": re.compile(r"^\tType: (\w+ \w+|X\.509)(?:.*\n)*?\tID: (\S+)", re.MULTILINE),
}


@dataclass(frozen=True)
class Peer:
    """A program that lists a token."""

    name: str
    """Its name, and the column's."""
    command: str
    """The command, in a few words, for the page."""
    listing: Callable[[CorpusToken, Path], Listing]
    """Lists a token after login, with a folder for its files."""
    version: Callable[[], str]
    """Its version."""


def lockwright(token: CorpusToken, folder: Path) -> Listing:
    """A container is a block."""
    pin = _pin(token, folder)
    said = run(LOCKWRIGHT, "list", "--login", "--lang", "en", "--pin-file", pin, *token.options)
    return [_container(block) for block in said.strip().split("\n\n")]


def pkcs11_tool(token: CorpusToken, _folder: Path) -> Listing:
    """An object is a block; what has one id is taken for one."""
    said = run("pkcs11-tool", "--module", token.module, "-O", "--login", "--pin", token.pin)
    return _by_id("pkcs11-tool", re.split(r"^(?=\S.* Object;)", said, flags=re.MULTILINE))


def p11tool(token: CorpusToken, _folder: Path) -> Listing:
    """An object is a block; what has one id is taken for one."""
    login = ("--provider", token.module, "--login", f"--set-pin={token.pin}")
    said = run("p11tool", *login, "--list-all", "pkcs11:token=Corpus")
    return _by_id("p11tool", re.split(r"^Object \d+:$", said, flags=re.MULTILINE))


def certutil(token: CorpusToken, folder: Path) -> Listing:
    """Certificates by ``-L`` and keys by ``-K``; what has one nickname is taken for one."""
    database = folder / "nss"
    database.mkdir()
    where = ("-d", f"sql:{database}")
    run("certutil", "-N", *where, "--empty-password")
    run("modutil", "-dbdir", where[1], "-add", "peer", "-libfile", token.module, "-force")
    look = (*where, "-h", "Corpus", "-f", _pin(token, folder))
    shown = _NICKNAME.findall(run("certutil", "-L", *look))
    keys = _NSS_KEY.findall(run("certutil", "-K", *look))
    users = [name for name, trust in shown if trust.startswith("u")]

    def is_of(certificate: str, name: str) -> bool:
        """By the nickname, or where only one key can be meant."""
        return certificate in users and (len(keys) == 1 or name.endswith(certificate))

    things = [
        Thing(f"{kind} {name}", 1, tuple(each for each in users if is_of(each, name)))
        for kind, name in keys
    ]
    taken = {name for thing in things for name in thing.certificates}
    return [*things, *(Thing(name, 0, (name,)) for name, _trust in shown if name not in taken)]


def keytool(token: CorpusToken, folder: Path) -> Listing:
    """An alias is a block."""
    provider = folder / "provider.cfg"
    provider.write_text(f"name=Corpus\nlibrary={token.module}\nslotListIndex=0\n")
    where = ("-keystore", "NONE", "-storetype", "PKCS11", "-storepass", token.pin)
    java = ("-J-Duser.language=en", "-addprovider", "SunPKCS11", "-providerarg", provider)
    said = run("keytool", *java, "-list", "-v", *where)
    return [
        Thing(_line(alias), int("PrivateKeyEntry" in alias), tuple(alias.split("Owner: ")[1:]))
        for alias in said.split("Alias name: ")[1:]
    ]


def run(*command: str | Path) -> str:
    """What a program says; one that fails shows what it showed."""
    said = subprocess.run(
        command, env=os.environ | _ENVIRONMENT, capture_output=True, check=False, timeout=60
    )
    return said.stdout.decode(errors="replace")


def _container(block: str) -> Thing:
    key, *certificates = re.split(r"^Certificate", block, flags=re.MULTILINE)
    holds_a_key = "\nKey " in key and not any(state in _line(key) for state in _NO_KEY)
    return Thing(_line(block), int(holds_a_key), tuple(map(_line, certificates)))


def _line(said: str) -> str:
    return " ".join(said.split())


def _by_id(tool: str, blocks: Sequence[str]) -> Listing:
    same: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for block in blocks:
        if found := _KIND_AND_ID[tool].search(block):
            same[found[2]].append((found[1], block))
    return [_thing(objects) for objects in same.values()]


def _thing(objects: Sequence[tuple[str, str]]) -> Thing:
    certificates = tuple(
        block for kind, block in objects if kind.startswith(("Certificate", "X.509"))
    )
    keys = sum(kind.startswith("Private") for kind, _block in objects)
    return Thing(_line(" ".join(block for _kind, block in objects)), keys, certificates)


def _pin(token: CorpusToken, folder: Path) -> Path:
    file = folder / "pin"
    file.touch(0o600)
    file.write_text(token.pin)
    return file


def _version(pattern: str, *command: str | Path) -> Callable[[], str]:
    def asked() -> str:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        found = re.search(pattern, done.stdout + done.stderr)
        return found[1] if found else "of unknown version"

    return asked


PEERS: Sequence[Peer] = (
    Peer(
        "lockwright",
        "lockwright list --login",
        lockwright,
        _version(r"([\d.]+\S*)", LOCKWRIGHT, "--version"),
    ),
    Peer(
        "pkcs11-tool",
        "pkcs11-tool -O --login",
        pkcs11_tool,
        _version(r"OpenSC ([\d.]+)", "opensc-tool", "--info"),
    ),
    Peer(
        "p11tool",
        "p11tool --list-all --login",
        p11tool,
        _version(r"p11tool ([\d.]+)", "p11tool", "--version"),
    ),
    Peer(
        "certutil",
        "certutil -L, certutil -K",
        certutil,
        _version(r"Library Version: ([\d.]+)", "modutil", "-nocertdb", "-list", NSS),
    ),
    Peer(
        "keytool",
        "keytool -list -v",
        keytool,
        _version(r'version "([\d.]+)', "keytool", "-J-version"),
    ),
)
