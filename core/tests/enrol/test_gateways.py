"""What answers in the place of a CA."""

from __future__ import annotations

import pytest
from lockwright.enrol.ca import est
from lockwright.errors import CaGatewayFailed
from lockwright.models import CaOrder, CaProfile
from lockwright.secret import Secret
from lockwright_testkit.est_server import EstServer, Reply

PAGE = b"<html>Access denied by policy</html>"


@pytest.mark.parametrize(
    ("status", "headers", "gateway"),
    [
        (407, {"Content-Type": "text/plain"}, "it does not say its name"),
        (504, {"Content-Type": "text/html", "Server": "nginx"}, "nginx"),
        (403, {"Content-Type": "text/html", "Via": "1.1 gate (squid)"}, "1.1 gate (squid)"),
        (503, {"Content-Type": "text/html", "Proxy-Status": "cdn; error=x"}, "cdn; error=x"),
    ],
)
def test_what_answers_in_the_place_of_the_ca_is_told_by_its_name(
    server: EstServer,
    profile: CaProfile,
    order: CaOrder,
    password: Secret,
    status: int,
    headers: dict[str, str],
    gateway: str,
) -> None:
    server.instead = lambda _asked: Reply(status, PAGE, headers)
    with pytest.raises(CaGatewayFailed) as caught:
        est.lockwright_ca_enrol(profile, order, password)
    assert caught.value.facts == {"ca": "bank", "gateway": gateway, "status": status}
