"""The how-to's backup and restore, its commands run as they stand there."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from desk_client import Client, new_key, new_login, request
from desk_home import Home
from how_to import blocks, run


@pytest.fixture
def original(tmp_path: Path) -> Home:
    home = Home(tmp_path / "desk")
    home.folder.mkdir()
    assert home.init().code == 0
    return home


def numbered(home: Home, file: Path) -> int:
    """Publish a revocation list; its number."""
    assert home.run("crl", "--out", str(file)).code == 0
    return number(file)


def number(file: Path) -> int:
    """The number of a revocation list (RFC 5280, 5.2.3)."""
    content = file.read_bytes()
    pem = content.startswith(b"-----")
    found = (x509.load_pem_x509_crl if pem else x509.load_der_x509_crl)(content)
    return found.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number


def test_a_desk_that_is_restored_uses_its_own_token(original: Home, tmp_path: Path) -> None:
    places = {
        "/srv/lockwright-desk": original.folder,
        "/srv/backup": tmp_path / "backup",
        "/srv/restored": tmp_path / "restored",
    }
    places["/srv/backup"].mkdir()
    login = new_login()
    password = original.otp(login)
    back_up, restore = blocks("Back up and restore")

    run(back_up, places)
    published = [numbered(original, tmp_path / f"{each}.crl") for each in range(3)]
    (original.folder / "softhsm" / "tokens").rename(tmp_path / "away")
    said = run(restore, places)
    restored = Home(places["/srv/restored"])
    with restored.serving() as server:
        reply = Client(server).enroll(request(new_key(), ""), login=login, password=password)

    assert "Everything is there already." in said
    assert published == sorted(set(published))
    assert number(places["/srv/restored"] / "current.crl") > published[-1]
    assert reply.certificate.issuer.rfc4514_string() == "CN=Bank CA,O=Bank,C=RU"


def test_a_copy_without_its_token_does_not_use_the_original_one(
    original: Home, tmp_path: Path
) -> None:
    copied = Home(tmp_path / "copy")
    subprocess.run(["cp", "-a", original.folder, copied.folder], check=True)
    (copied.folder / "softhsm" / "tokens").rename(tmp_path / "away")

    ended = copied.run("crl", "--out", str(tmp_path / "list.crl"))

    assert ended.code != 0
    assert not (tmp_path / "list.crl").exists()
    assert original.run("crl", "--out", str(tmp_path / "list.crl")).code == 0


def test_a_token_is_found_by_any_path_to_its_folder(original: Home, tmp_path: Path) -> None:
    """A link to the folder is the same folder, whose configuration stays as it is."""
    linked = Home(tmp_path / "link")
    linked.folder.symlink_to(original.folder)
    configuration = original.folder / "softhsm" / "softhsm2.conf"
    before = configuration.read_text()

    assert linked.run("crl", "--out", str(tmp_path / "list.crl")).code == 0
    assert configuration.read_text() == before
