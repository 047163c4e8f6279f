"""Every page for everybody: axe finds nothing, in both colours and languages; 200 % cuts nothing.

The pictures of each page are left in ``build/pages`` to be looked at.
"""

from __future__ import annotations

from typing import Any

import pytest
from calling import begin, enrol, until_ready
from chromium import Window
from for_everybody import check
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from whole_desk import WholeDesk

ROLES = ("operator", "approver", "auditor", "administrator")
PAGES = {
    "queue": "/desk/queue",
    "queue-all": "/desk/queue?show=all",
    "approvals": "/desk/approvals",
    "find": "/desk/find?q=petrova",
    "client": "/desk/clients/1",
    "token": "/desk/tokens/1",
    "alerts": "/desk/alerts?show=all",
    "statistics": "/desk/statistics",
    "audit": "/desk/audit",
    "keys": "/desk/keys",
    "key-tokens": "/desk/keys/1",
    "operators": "/desk/operators",
    "operator": "/desk/operators/{name}",
}


@pytest.fixture
def person(whole: WholeDesk, window: Window) -> str:
    """Somebody with every role who has signed in."""
    return enrol(whole, window, *ROLES)


def test_every_page_is_for_everybody(window: Window, person: str, language: str) -> None:
    for name, path in PAGES.items():
        window.go(path.format(name=person))

        check(window, f"{name}-{language}")


def test_every_step_of_a_case_is_for_everybody(
    whole: WholeDesk, window: Window, language: str
) -> None:
    enrol(whole, window, "operator")
    begin(window, "6978")
    check(window, f"case-verify-{language}")
    window.press(Keys.SPACE, Keys.ENTER)
    window.wait(lambda driver: driver.find_elements(By.ID, "request"))
    window.press("A892 D7G6 0161")
    check(window, f"case-request-{language}")
    serial = begin(window, "6978")
    until_ready(window, serial, language)
    check(window, f"case-ready-{language}")
    window.press(Keys.ENTER)
    window.wait(lambda driver: driver.find_elements(By.CSS_SELECTOR, "ol.groups"))

    check(window, f"response-{language}")


def test_the_pages_before_signing_in_are_for_everybody(window: Window, language: str) -> None:
    for name, path in (("sign-in", "/desk/sign-in"), ("enrol", "/desk/enrol")):
        window.go(path)

        check(window, f"{name}-{language}")


def test_a_screen_reader_finds_its_way(window: Window, person: str, language: str) -> None:
    begin(window, "6978")

    roles = [each["role"]["value"] for each in _tree(window) if "role" in each]

    for role in ("banner", "navigation", "main", "complementary", "heading", "radio", "status"):
        assert role in roles, role
    assert window.driver.find_element(By.TAG_NAME, "html").get_attribute("lang") == language
    unnamed = [
        each["role"]["value"]
        for each in _tree(window)
        if each.get("role", {}).get("value") in {"button", "link", "radio", "textbox", "region"}
        and not each.get("name", {}).get("value")
    ]
    assert unnamed == []


def _tree(window: Window) -> list[dict[str, Any]]:
    window.driver.execute_cdp_cmd("Accessibility.enable", {})
    found = window.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})
    nodes: list[dict[str, Any]] = [each for each in found["nodes"] if not each.get("ignored")]
    return nodes
