"""A desk of an earlier version, upgraded and restored by the commands of the how-to.

``earlier/desk-369662d.tar.xz`` is the folder of a desk that the revision 369662d made: ``init``, a
certificate for anna by her one-time password, and an open one-time password for boris, good until
2100. Its tables are of the first migration, and there was no key for one-time passwords yet.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from cryptography import x509
from desk_client import Client, new_key, request
from desk_home import Home
from how_to import blocks, run
from lockwright_desk.store.migrate import NEWEST

EARLIER = Path(__file__).parent / "earlier" / "desk-369662d.tar.xz"
OPEN = ("boris", "GSW5-YJ9D-EAPZ-JVR2-CJSW")
ANNAS = "7794191ee33725ad9b68395d714e7f97045e6745"


@pytest.fixture
def places(tmp_path: Path) -> Mapping[str, Path]:
    """The folders of the how-to, with the earlier desk in its own."""
    found = {
        "/srv/lockwright-desk": tmp_path / "desk",
        "/srv/backup": tmp_path / "backup",
        "/srv/restored": tmp_path / "restored",
    }
    for name in "/srv/lockwright-desk", "/srv/backup":
        found[name].mkdir()
    subprocess.run(["tar", "-C", found["/srv/lockwright-desk"], "-xf", EARLIER], check=True)
    return found


def serials(home: Home) -> dict[str, str | None]:
    """The certificates that it knows, and why each was revoked."""
    listed = home.run("certificates", "list", "--json").document["certificates"]
    return {each["serial"]: each["reason"] for each in listed}


def test_an_earlier_desk_is_upgraded_and_goes_on(places: Mapping[str, Path]) -> None:
    home = Home(places["/srv/lockwright-desk"])
    root = x509.load_pem_x509_certificate(home.ca.read_bytes())

    early = home.run("certificates", "list", "--json")
    (upgrade,) = blocks("Upgrade")
    said = run(upgrade, places)

    assert early.document["error"]["code"] == "desk-database"
    assert f"The tables were brought from the version 0001 to {NEWEST}." in said
    assert "The key of the one-time passwords is in" in said
    assert x509.load_pem_x509_certificate(home.ca.read_bytes()) == root
    assert ANNAS in serials(home)
    login, password = OPEN
    with home.serving() as server:
        reply = Client(server).enroll(request(new_key(), ""), login=login, password=password)
    assert reply.certificate.subject.rfc4514_string() == "CN=Boris Ivanov,O=Bank,C=RU"
    assert home.run("certificates", "revoke", ANNAS, "--reason", "superseded").code == 0
    assert serials(home)[ANNAS] == "superseded"
    assert home.run("audit", "verify").code == 0


def test_a_backup_of_before_the_upgrade_is_restored_by_the_new_version(
    places: Mapping[str, Path],
) -> None:
    back_up, restore = blocks("Back up and restore")

    run(back_up, places)
    said = run(restore, places)

    restored = Home(places["/srv/restored"])
    assert "The key of the one-time passwords is in" in said
    assert ANNAS in serials(restored)
    assert not (places["/srv/lockwright-desk"] / "otp-key").exists()


def test_a_trail_that_was_put_away_is_verified_with_the_one_that_follows(
    places: Mapping[str, Path],
) -> None:
    home = Home(places["/srv/lockwright-desk"])
    assert home.run("init").code == 0
    (put_away,) = blocks("The log and the audit trail")

    said = run(put_away, places)

    assert home.run("audit", "verify").code == 30, "the trail of now alone is not all"
    trails = sorted((home.folder / "trails").glob("*.jsonl"))
    assert len(trails) == 1
    assert home.run("audit", "verify", str(trails[0]), "audit.jsonl").code == 0
    assert "audit.jsonl" in said
