"""Act: the call as a bank has it, with the help desk's page, its register, HSM and keeper."""

from __future__ import annotations

import json
import shlex
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from computer import Computer
from lockwright.i18n import language
from lockwright.spoken import request_check
from page import Page
from screen import LEFT, RIGHT
from story import NEW_PIN, Story
from words import said

_REQUEST = r": ([0-9A-F]{4}(?: [0-9A-F]{4}){3})\r"
_LONGEST = 60


def tell(story: Story) -> None:
    """Tell it."""
    story.act(
        "The call, at a bank's help desk",
        "A bank has a shift of operators and a page for them. The desk's own demo makes one, with"
        " ten made-up clients whose tokens are locked. The keys are wrapped under a key of an HSM"
        " whose PIN one small process alone has.",
    )
    desk = story.computer("desk")
    with _demo(desk) as told:
        client = told["clients"][0]
        page = Page(told, desk.home)
        call(story, client, page)
        look(story, desk, told)


def call(story: Story, client: dict[str, Any], page: Page) -> None:
    """Two windows: the client's terminal, and the operator's page."""
    story.tell(
        "Two windows",
        "The client's terminal is on the left. On the right the operator is signed in with a"
        " certificate, and the page opens one step after the other: without a verified caller there"
        " is no Request, without the words as they were heard no Response.",
    )
    variable, *_program, file = shlex.split(client["unblock"])
    name, _equals, token = variable.partition("=")
    computer = story.computer(client["login"], {name: token})
    computer.configure(Path(file).read_text(encoding="utf-8").partition("\n\n")[2])
    story.columns("The client", "The bank's help desk")
    with computer.window("lockwright unblock", LEFT) as unblock:
        unblock.answer("new user PIN", NEW_PIN)
        unblock.answer("The same once more", NEW_PIN)
        request = unblock.until_found(_REQUEST)
        unblock.until("Response:")
        story.spoken("The client reads out the Request", to_the_right=True)
        response = answer(page, client["serial"], request)
        story.spoken("The operator reads out the Response", to_the_right=False)
        unblock.enter(response)
        unblock.end()
    page.send(f"{page.case}/outcome", outcome="worked")


def answer(page: Page, serial: str, request: str) -> str:
    """What the operator does at the page; the Response."""
    page.sign_in()
    page.open(f"/desk/find?q={serial[-4:]}")
    token = page.follow(r"/desk/tokens/\d+")
    page.begin(token)
    words = request_check(serial, bytes.fromhex(request)).words(language())
    reason = said("lost PIN, called back")[0]
    for step, fields in (
        ("verify", {"means": "call-back"}),
        ("request", {"request": request.lower()}),
        ("words", {"words": words}),
        ("grounds", {"reason": reason, "ticket": "INC-4711"}),
    ):
        RIGHT.write(f"{page.step}: {' '.join(fields.values())}")
        page.send(f"{page.case}/{step}", **fields)
    RIGHT.write(page.step)
    page.send(f"{page.case}/answer")
    response = page.groups()
    RIGHT.write(f"    {response}")
    page.open(page.case)
    return response


def look(story: Story, desk: Computer, told: dict[str, Any]) -> None:
    """What the desk has of it."""
    story.tell(
        "What is kept of it",
        "Who did what, when and why; the Response is kept nowhere.",
    )
    folder = told["ca"].rpartition("/")[0]
    desk.run(f"lockwright-desk cases list --all --config {folder}/desk.toml")


@contextmanager
def _demo(desk: Computer) -> Iterator[dict[str, Any]]:
    """``lockwright-desk demo``, until the end of the block."""
    with subprocess.Popen(  # noqa: S603  # the story's own command
        desk.command("lockwright-desk demo --json"),
        cwd=desk.home,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            text = ""
            while not text.endswith("\n}\n"):
                line = process.stdout.readline() if process.stdout else ""
                if not line:
                    raise SystemExit(f"lockwright-desk demo has ended: {text}")
                text += line
            yield json.loads(text)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(_LONGEST)
