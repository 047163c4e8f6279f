"""The whole call in a real browser: by keyboard alone, from the sign-in code to the end."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from calling import begin, enrol, response_on, until_ready
from chromium import Window
from lockwright.spoken import spell
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from whole_desk import WholeDesk

WORDS = {
    "en": {"open": "Open a case", "worked": "worked", "refused": "only 0–9 and A–F occur"},
    "ru": {"open": "Открыть обращение", "worked": "получилось", "refused": "только 0–9 и A–F"},
}


def test_the_call_is_made_by_keyboard_alone(
    whole: WholeDesk, window: Window, language: str
) -> None:
    enrol(whole, window, "operator")
    window.tab_to("button[formaction], .who form:last-child button")
    window.press(Keys.ENTER)
    window.wait_for("/desk/sign-in")
    window.tab_to("[data-way=passkey] button")
    window.press(Keys.ENTER)
    window.wait_for("/desk/queue")
    begun, before = time.monotonic(), window.strokes
    serial = begin(window, "6976")
    request = until_ready(window, serial, language)
    window.press(Keys.ENTER)  # the button that shows it has the keyboard
    response_on(window, serial, request)
    seconds, strokes = time.monotonic() - begun, window.strokes - before
    window.tab_to("button[value=worked]")

    window.press(Keys.ENTER)

    window.wait_text(WORDS[language]["worked"])
    # `-s` shows it; of the keys most are the Request, the words, the reason and the ticket.
    print(f"\n{language}: {strokes} keys and {seconds:.1f} s from the digits to the Response")  # noqa: T201
    assert strokes < 70


def test_a_request_is_mended_and_wrong_places_are_shown_while_it_is_typed(
    whole: WholeDesk, window: Window, language: str
) -> None:
    enrol(whole, window, "operator")
    begin(window, "6978")
    window.press(Keys.SPACE, Keys.ENTER)
    window.wait(lambda driver: driver.find_elements(By.ID, "request"))
    field = window.driver.find_element(By.ID, "request")

    window.press("а892d7g6о16")

    assert field.get_attribute("value") == "A892 D7G6 016"
    assert WORDS[language]["refused"] in window.text
    wrong = window.driver.find_elements(By.CSS_SELECTOR, ".ruler .wrong")
    assert [each.text for each in wrong] == ["G"]
    assert len(window.driver.find_elements(By.CSS_SELECTOR, ".ruler .missing")) == 5
    window.press(Keys.ENTER)
    window.wait(lambda driver: driver.find_elements(By.CSS_SELECTOR, "#trouble"))
    assert window.focused.get_attribute("id") == "request"
    assert window.told_only(422)


def test_a_response_is_gone_once_its_page_is_left(
    whole: WholeDesk, window: Window, language: str
) -> None:
    enrol(whole, window, "operator")
    serial = begin(window, "6976")
    request = until_ready(window, serial, language)
    window.press(Keys.ENTER)
    group = spell(response_on(window, serial, request)).split()[0]
    place = window.path

    window.go("/desk/queue")
    window.driver.back()
    back = window.driver.page_source
    window.go(place)  # the address that it was at
    window.wait(lambda _driver: place.removesuffix("/answer") == window.path)

    assert group not in back
    assert group not in window.driver.page_source
    # Chromium says of a page that it was to show from nowhere that it has not got it.
    assert all("ERR_CACHE_MISS" in each for each in window.console)


@pytest.mark.parametrize("language", ["en"], indirect=True)
def test_the_call_needs_no_script(whole: WholeDesk, window: Window, language: str) -> None:
    """But for signing in."""
    enrol(whole, window, "operator")
    off = {"value": True}
    window.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", off)
    serial = begin(window, "6978")

    request = until_ready(window, serial, language)
    window.press(Keys.ENTER)

    response_on(window, serial, request)
    assert window.driver.find_elements(By.CSS_SELECTOR, ".ruler li") == []


@pytest.mark.parametrize("language", ["en"], indirect=True)
def test_a_response_is_in_no_log_no_file_and_nothing_that_the_browser_keeps(
    whole: WholeDesk, window: Window, language: str, tmp_path: Path
) -> None:
    enrol(whole, window, "operator")
    serial = begin(window, "6976")
    request = until_ready(window, serial, language)
    window.press(Keys.ENTER)
    response = response_on(window, serial, request)
    assert whole.server is not None
    window.go("/desk/queue")
    window.driver.get("about:blank")  # what Chromium keeps of pages it has written by then

    kept = [file for file in tmp_path.rglob("*") if file.is_file()]

    digits = response.hex().upper()
    forms = [digits, spell(response), spell(response).split()[0] + "</span>"]
    told = [each.encode(coding) for each in forms for coding in ("ascii", "utf-16-le")]
    found = [
        file.name
        for file in (*kept, *whole.files())
        if any(each in file.read_bytes() for each in (*told, response, digits.lower().encode()))
    ]
    assert found == []
    assert not any(each in line for line in whole.server.log for each in forms)
    assert not any(digits in each["url"] for each in _history(window))


def _history(window: Window) -> list[dict[str, str]]:
    found = window.driver.execute_cdp_cmd("Page.getNavigationHistory", {})
    entries: list[dict[str, str]] = found["entries"]
    return entries


@pytest.mark.parametrize("language", ["ru"], indirect=True)
def test_a_case_that_waits_comes_to_the_second_person_by_itself(
    whole: WholeDesk, window: Window, language: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from chromium import chromium  # noqa: PLC0415  # a second browser, of another person

    enrol(whole, window, "operator")
    home = tmp_path_factory.mktemp("other")
    with chromium(home, whole.home.ca, language) as driver:
        other = Window(driver, whole.origin)
        other.add_passkey()
        enrol(whole, other, "approver")
        assert other.path == "/desk/approvals"
        serial = begin(window, "6977")
        request = until_ready(window, serial, language)

        case = other.wait(lambda seen: seen.find_elements(By.CSS_SELECTOR, "th a"))[0]
        case.click()
        other.wait(lambda _driver: "/desk/cases/" in other.path)
        other.driver.execute_script(
            "window.sent = 0; addEventListener('submit', () => { window.sent += 1; });"
        )
        other.press("голос похож", Keys.ENTER)  # the end of a line is no decision
        assert other.driver.execute_script("return window.sent") == 0
        other.tab_to("button[value=agree]")
        other.press(Keys.ENTER)

        window.wait(lambda seen: seen.find_elements(By.CSS_SELECTOR, "form[action$='/answer']"))
        assert other.console == []
    window.tab_to("form[action$='/answer'] button")
    window.press(Keys.ENTER)
    response_on(window, serial, request)
