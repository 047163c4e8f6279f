"""Chromium shows an enrolled certificate to an nginx that demands one.

Chromium chooses a certificate unasked only by a policy, and looks for policies in ``/etc`` alone.
So it gets a ``/etc/chromium`` of its own, in a mount namespace that ends with it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from lockwright_testkit.est_server import EstServer
from lockwright_testkit.nginx import Nginx
from lockwright_testkit.pki import TestCa, pem
from lockwright_testkit.soft_customer import SoftCustomer

POLICY = {"AutoSelectCertificateForUrls": ['{"pattern":"https://localhost","filter":{}}']}
START = """
mount -t tmpfs none /etc/chromium
mkdir -p /etc/chromium/policies/managed
cp "$POLICY" /etc/chromium/policies/managed/
exec chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage \
    --user-data-dir="$PROFILE" --dump-dom "$PAGE"
"""


@pytest.mark.skipif(
    shutil.which("chromium") is None,
    reason="no Chromium but Ubuntu's snap, which sees no home of a test's own",
)
@pytest.mark.parametrize("key_type", ["rsa:3072", "ec:p256"])
def test_chromium_gets_in_with_the_certificate_in_the_store(tmp_path: Path, key_type: str) -> None:
    folder = tmp_path / "nginx"
    folder.mkdir()
    with EstServer(TestCa.root("CN=Bank CA"), {}) as server:
        customer = SoftCustomer(tmp_path, server)
        (tmp_path / "clients.pem").write_bytes(pem(server.ca.certificate))
        with Nginx(folder, TestCa.root("CN=Web CA"), tmp_path / "clients.pem") as door:
            customer.trusts(door.ca)
            before = page(customer, door.url)
            assert customer.enrol("anna", "--storage", "system", "--key-type", key_type).code == 0
            after = page(customer, door.url)
    assert "No required SSL certificate was sent" in before
    assert "CN=anna,O=Bank" in after
    print(f"\nChromium, {key_type}: 400 before the enrolment, in as CN=anna after it")  # noqa: T201  # what the sweep is run for


def page(customer: SoftCustomer, url: str) -> str:
    """What Chromium shows to the customer."""
    home = Path(customer.home["HOME"])
    policy, profile = home / "policy.json", home / "profile"
    policy.write_text(json.dumps(POLICY))
    given = {"POLICY": str(policy), "PROFILE": str(profile), "PAGE": url}
    unshare = ["unshare", "--mount", *(() if os.geteuid() == 0 else ("--map-root-user",))]
    done = subprocess.run(
        [*unshare, "sh", "-e", "-c", START],
        env=os.environ | customer.home | given,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    shutil.rmtree(profile)
    return done.stdout
