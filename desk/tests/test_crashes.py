"""The desk's own files, its program killed while it writes them: each is whole, or not there yet.

``KILLS_EVERY=1`` kills ``init`` at every moment, in place of a sample.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from desk_home import Home
from lockwright.audit import verify
from lockwright_desk.configuration import file as configuration
from lockwright_desk.enrolment.authority.key import read_key
from lockwright_desk.initialise import write_configuration
from lockwright_testkit.kills.disk import DiskKills

EVERY = int(os.environ.get("KILLS_EVERY", "11"))
NEVER = 10_000
"""A moment that no command comes to."""
COMMAND = """
from lockwright_desk.cli.app import main
assert main(arguments) == 0
"""
_IMPORTED = (
    "alembic.command",
    "lockwright.bindings.python_pkcs11",
    "lockwright_desk.cli.commands.crl",
    "lockwright_desk.cli.commands.init",
    "lockwright_desk.store.migrate",
    "pkcs11",
    "rfc8785",
    "sqlalchemy.dialects.sqlite.pysqlite",
)


@pytest.fixture(scope="module")
def kills() -> Iterator[DiskKills]:
    with DiskKills(*_IMPORTED) as made:
        yield made


def begun(folder: Path, *, key_in_file: bool) -> Home:
    """A desk before its ``init``, which makes the configuration, too, if the key is in a token."""
    home = Home(folder)
    folder.mkdir()
    if key_in_file:
        write_configuration(home.file, ["localhost"])
        text = home.file.read_text()
        begin, end = text.index("[ca.token]"), text.index("[audit]")
        home.file.write_text(text[:begin] + 'key_file = "ca-key.pem"\n\n' + text[end:])
    return home


def check_whole(home: Home) -> None:
    """Whatever is there of the files of ``init`` can be used."""
    if home.file.exists():
        configuration.load(home.file)
    for file in home.folder.glob("*.pem"):
        if file.stem.endswith("key"):
            read_key(file)
        else:
            x509.load_pem_x509_certificate(file.read_bytes())
    for pin in home.folder.glob("ca-pin"):
        assert len(pin.read_bytes()) == 32
    for key in home.folder.glob("otp-key"):
        assert len(bytes.fromhex(key.read_text())) == 32
    for softhsm in home.folder.rglob("softhsm2.conf"):
        assert softhsm.read_text().endswith("log.level = ERROR\n")


@pytest.mark.parametrize("key_in_file", [False, True])
def test_init_killed_while_it_writes_is_run_again_and_the_desk_is_whole(
    tmp_path: Path, kills: DiskKills, *, key_in_file: bool
) -> None:
    for at in range(1, NEVER, EVERY):
        home = begun(tmp_path / str(at), key_in_file=key_in_file)
        if not kills.kill(home.folder, COMMAND, at, arguments=["init"]):
            break
        check_whole(home)

        kills.kill(home.folder, COMMAND, NEVER, arguments=["init"])

        check_whole(home)
        assert [path.name for path in home.folder.rglob(".*")] == []
        verify(home.folder / "audit.jsonl")
        context = ssl.create_default_context(cafile=str(home.ca))
        context.load_cert_chain(home.folder / "server.pem", home.folder / "server-key.pem")
    assert at > 50


@pytest.mark.parametrize("name", ["list.crl", "list.pem"])
def test_a_revocation_list_is_the_old_or_the_new_one_when_crl_is_killed(
    home: Home, tmp_path: Path, kills: DiskKills, name: str
) -> None:
    out = tmp_path / name
    command = ["crl", "--out", str(out), "--config", str(home.file)]
    kills.kill(tmp_path, COMMAND, NEVER, arguments=command)
    first = number(out)

    seen = [number(out) for _moment in kills.each(tmp_path, COMMAND, arguments=command)]

    assert len(seen) > 5
    assert seen == sorted(seen)
    assert seen[0] == first < seen[-1] < number(out)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert out.stat().st_mode & 0o777 == 0o644


def number(file: Path) -> int:
    """The number of the list in a file, which is whole."""
    read = x509.load_pem_x509_crl if file.suffix == ".pem" else x509.load_der_x509_crl
    found = read(file.read_bytes()).extensions.get_extension_for_class(x509.CRLNumber)
    return found.value.crl_number
