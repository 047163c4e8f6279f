"""The two sides of a call: a client at a terminal, and the people of the bank at the page."""

from __future__ import annotations

import re
from dataclasses import dataclass

from call_figures import Hands
from calling import hear_request, hear_words, note_why, open_case, response_on, verify
from chromium import Window
from client import Computer
from lockwright.spoken import spell_response
from lockwright_testkit.pseudo_terminal import Screen
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from telephone import ReadOut, read_out

_COMMAND = "lockwright unblock --remote"
_ASKS_PIN = {
    "en": ("New user PIN:", "once more:"),
    "ru": ("Новый PIN-код пользователя:", "Ещё раз то же самое:"),
}
_NUMBER = re.compile(r"(?:Number on the line|Номер для банка): (\d{3}-\d{3})")
_ANSWERED = {"en": "answered for the bank", "ru": "От банка ответил(а)"}


class Client:
    """Somebody whose PIN is locked.

    Args:
        computer: theirs.
        language: of the terminal.
    """

    def __init__(self, computer: Computer, language: str) -> None:
        self._language = language
        self.pressed = len(_COMMAND) + 1
        self._screen: Screen = computer.asks("--remote", "--lang", language)
        for question in _ASKS_PIN[language]:
            self._screen.reads(question)
            self.types(computer.locked.kind.pin)
        self.read: ReadOut = read_out(self._screen)

    @property
    def hands(self) -> Hands:
        """What was pressed."""
        return Hands(self.pressed)

    @property
    def number(self) -> str:
        """The number on the line, as it is read out."""
        found = _NUMBER.search(self.read.said)
        assert found, self.read.said
        return found[1]

    def types(self, line: str) -> None:
        """Type a line."""
        self._screen.types(line)
        self.pressed += len(line) + 1

    def is_answered(self) -> None:
        """See who answered over the line."""
        self._screen.reads(_ANSWERED[self._language])

    def is_done(self) -> None:
        """See that it worked."""
        code, said = self._screen.ends()
        assert code == 0, said


@dataclass(frozen=True)
class Shift:
    """Two people of the bank, each before a browser."""

    language: str
    operator: Window
    approver: Window

    def waits(self) -> None:
        """Both look at their queues."""
        self.operator.go("/desk/queue")
        self.approver.go("/desk/approvals")

    def takes_by_number(self, client: Client) -> None:
        """The Request that waits on the line."""
        page = self.operator
        page.click("#number")
        page.press(client.number, Keys.ENTER)
        verify(page)

    def takes_as_heard(self, client: Client) -> None:
        """The client is found, and reads the Request out."""
        page = self.operator
        page.click("a.button[href='/desk/find']")
        page.wait_at("#q")
        page.press(client.read.serial.replace("-", "")[-6:], Keys.ENTER)
        page.click("a[href^='/desk/tokens/']")
        open_case(page)
        verify(page)
        hear_request(page, client.read.data)

    def compares(self, client: Client) -> None:
        """The words, then why."""
        hear_words(self.operator, client.read.words.strip())
        note_why(self.operator)

    def agrees(self) -> None:
        """The second person, to whom the case comes by itself."""
        page, reason = self.approver, {"en": "voice is known", "ru": "голос знаком"}
        page.click("th a[href^='/desk/cases/']")
        page.wait_at("#why")
        page.press(reason[self.language])
        page.click("button[value=agree]")

    def sends(self) -> None:
        """The Response, over the line."""
        self._does("send")

    def reads_out(self, client: Client, serial: str) -> str:
        """The Response, as the client types it."""
        self._does("answer")
        request = client.read.data
        return spell_response(serial, request, response_on(self.operator, serial, request))

    def closes(self) -> None:
        """It worked; over the line the page changes by itself first."""
        page = self.operator
        page.wait(lambda driver: not driver.find_elements(By.CSS_SELECTOR, "[data-live]"))
        page.click("button[value=worked]")
        page.wait(lambda driver: not driver.find_elements(By.CSS_SELECTOR, "button[value=worked]"))

    def _does(self, what: str) -> None:
        """Where nobody had to agree the button has the keyboard."""
        page, button = self.operator, f"form[action$='/{what}'] button"
        page.wait(lambda driver: driver.find_elements(By.CSS_SELECTOR, button))
        page.wait(lambda driver: driver.execute_script("return document.readyState") == "complete")
        if page.focused in page.driver.find_elements(By.CSS_SELECTOR, button):
            page.press(Keys.ENTER)
        else:
            page.click(button)
