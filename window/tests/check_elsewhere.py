"""A Request that waits in a terminal is left alone by the window, which names it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from lockwright_testkit.sim import Simulator
from opened_window import Opened
from window_home import Home

OpenWindow = Callable[..., Opened]
WAITS = "waits for a Response in another program"


@contextmanager
def request_in_a_terminal(home: Home, token: Simulator) -> Iterator[None]:
    home.program.secret("new.pin", "Kettle-Moss-42")
    words = ("unblock", "--remote", "--json", "--new-pin-file=new.pin")
    with subprocess.Popen(
        [home.program.path, *words, "--module", str(token.module)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=home.environment,
        cwd=home.program.home,
    ) as process:
        assert process.stdout is not None
        assert '"request"' in process.stdout.readline()
        try:
            yield
        finally:
            process.kill()


def test_a_token_that_waits_in_a_terminal_is_named_and_comes_back_by_itself(
    home: Home, open_window: OpenWindow
) -> None:
    token = home.token(label="Anna", settings={"admin.key": bytes(24)})
    with request_in_a_terminal(home, token):
        token.zero_counts()
        with open_window(home, lang="en") as window:
            window.wait_for(WAITS)
            assert not any(token.counts().values()), "its start asked the module nothing"
    with open_window(home, lang="en") as window:
        window.wait_for("in order")
        with request_in_a_terminal(home, token):
            window.wait_for(WAITS)
        window.wait_for("in order")
        assert window.errors == ""
