"""Walks through a story page by page, by what stands on each: no script knows its steps.

What is asked for is filled in by its name, what is offered is ticked, and the button at the right
is pressed, until a page says how it ended.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from opened_window import PATIENCE, Opened
from screen_reader import Seen
from window_tree import called

_ENTRY = frozenset({"password text", "text", "entry"})
_LEAVES = frozenset({"Cancel", "Close", "No", "Copy", "Back", "Stop", "Show what is typed"})
_AGAIN = frozenset({"Try again", "Make a new Request", "Go on now"})
_PRESSED = frozenset({"push button", "button"})
_CLICKED = 3.0
"""Seconds until a click that nothing came of is taken for lost."""
_SAYS = 1.0
"""The same until a page that says more now is taken to be all that came of it."""

Value = Callable[[Opened], str]


@dataclass
class Page:
    """A page as it is seen."""

    heading: str
    """What it is about."""
    buttons: tuple[Seen, ...]
    """What can be pressed at the bottom, from left to right."""
    fields: tuple[Seen, ...]
    """What can be typed into, from the top down."""
    ticks: tuple[Seen, ...]
    """What can be ticked."""
    words: str
    """Everything that can be read on it."""

    @property
    def next(self) -> Seen | None:
        """The button that goes on; None where it is greyed, or there is none."""
        found = [each for each in self.buttons if each.name not in _LEAVES]
        return found[-1] if found else None

    @property
    def works(self) -> bool:
        """Whether it only shows that something is done."""
        return any(each.name == "Stop" for each in self.buttons) or "Please wait" in self.heading

    @property
    def over(self) -> bool:
        """Whether it says how the story ended."""
        going = self.next
        ends = going is None or going.name in _AGAIN or going.name == "Done"
        ends = ends or self.heading == "Stopped"
        return ends and not self.works and not self.fields

    @property
    def well(self) -> bool:
        """Whether it ended well."""
        return self.over and self.next is not None and self.next.name == "Done"


@dataclass
class Walk:
    """How a story is walked through.

    Args:
        press: the button of the main window that begins it.
        values: what is typed into which field, by its name.
        ticks: names of what is ticked or chosen, where it is there.
        opens: what is done in the main window before.
    """

    press: str
    values: Mapping[str, Value]
    ticks: tuple[str, ...] = ()
    opens: Callable[[Opened], None] = lambda _window: None
    patience: float = PATIENCE
    """Seconds until what works is given up."""
    past: tuple[str, ...] = ()
    """Headings of pages at which a story halts, and from which this walk goes on, in order."""
    waits: tuple[str, ...] = ()
    """Words of pages that wait for a token: nothing can be done there but to put one in."""
    seen: Callable[[], Sequence[bool]] | None = None
    """Where the window writes down its steps: of each so far, whether it is a page, not work."""

    def over(self, page: Page) -> bool:
        """Whether a page says how the story ended, and this walk goes no further."""
        return page.over and (page.heading not in self.past[:1] or page.next is None)

    def waiting(self, page: Page) -> bool:
        """Whether a page says that it waits for a token, and goes on with none."""
        stays = page.next is None or not page.next.enabled
        return stays and any(word in page.words.lower() for word in self.waits)

    def begin(self, window: Opened) -> None:
        """Open its window."""
        self.opens(window)
        window.press(self.press)

    def page(self, window: Opened) -> Page | None:
        """The page that is shown; None while there is none, or the main window is."""
        front = window.front()
        if not front or front[0].role not in ("dialog", "alert"):
            return None
        return _page(front)

    def settled(
        self, window: Opened, *, working: bool = False, seconds: float | None = None
    ) -> Page | None:
        """The page once nothing moves any more; None once the story's window is gone.

        Args:
            window: the window.
            working: whether a page that waits for a token is enough.
            seconds: until it is given up; None for its patience.
        """
        seconds = self.patience if seconds is None else seconds
        until, before = time.monotonic() + seconds, None
        while time.monotonic() < until:
            page = self.page(window)
            shown = None if page is None else (page.heading, page.words, len(page.buttons))
            if shown == before and (page is None or working or not page.works):
                return page
            before = shown
            time.sleep(0.06)
        raise TimeoutError(f"it stays at work for {seconds:g} s:\n{window.words()}")

    def fill(self, window: Opened, page: Page) -> None:
        """Fill in what a page asks for."""
        for each in page.ticks:
            wanted = any(called(each, name) for name in self.ticks)
            if wanted and "checked" not in each.states:
                window.click(window.steady(each.name, frozenset({each.role})))
                if each.role == "table cell":
                    window.keys("space")
        now = self.settled(window) if page.ticks else page
        for each in () if now is None else now.fields:
            value = next((v for name, v in self.values.items() if each.name.startswith(name)), None)
            if value is None:
                raise LookupError(f"nobody knows what to type into {each.name!r}")
            if each.text:
                continue
            typed = value(window) if self._asks(window, each.name) else None
            if typed is None or not self._asks(window, each.name):
                return  # another page has come by itself
            try:
                window.type(typed, into=each.name)
            except TimeoutError:
                if self._asks(window, each.name):
                    raise
                return  # it came just now

    def _asks(self, window: Opened, name: str) -> bool:
        """Whether the page that is shown has a field of this name."""
        now = self.page(window)
        return now is not None and name in [field.name for field in now.fields]

    def on(self, window: Opened, page: Page) -> None:
        """Go on from a page, by filling it in and pressing its button."""
        halts = page.over
        if halts:
            self.past = self.past[1:]
        self.fill(window, page)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            now = self.settled(window, working=True)
            if now is None or now.works or now.heading != page.heading or now.over != halts:
                return  # it has gone on by itself: the token was pulled out
            if now.next is not None and now.next.enabled:
                if self._moved_by(window, now, now.next):
                    return
                continue  # the click was lost, as it is where a button moves: it is clicked again
            if self.waiting(now):
                return
            time.sleep(0.05)
        raise TimeoutError(f"the button of {page.heading!r} stays grey:\n{window.words()}")

    def _moved_by(self, window: Opened, page: Page, button: Seen) -> bool:
        """Click a button; whether anything came of it, a step where those are written down."""
        before = self._steps()
        window.click(button)
        until = time.monotonic() + _CLICKED
        while time.monotonic() < until:
            if self._steps() > before:
                return True
            now = self.page(window)
            if now is None or (now.heading, now.words) != (page.heading, page.words):
                if self.seen is None or now is None:
                    return True
                until = min(until, time.monotonic() + _SAYS)  # or the page only says more
            time.sleep(0.03)
        now = self.page(window)
        return now is None or (now.heading, now.words) != (page.heading, page.words)

    def _steps(self) -> int:
        return 0 if self.seen is None else len(self.seen())

    def to(self, window: Opened, number: int) -> Page | None:
        """Walk to the page of that number, the first being 0, and leave it as it is."""
        self.begin(window)
        page = self._first(window)
        walked = 0
        while (walked if self.seen is None else sum(self.seen()) - 1) < number:
            if page is None or self.over(page):
                return page
            self.on(window, page)
            page, walked = self.settled(window), walked + 1
        return page

    def out(self, window: Opened, page: Page | None, *, most: int = 12) -> list[Page]:
        """Walk on to the page that says how it ended; every page on the way, that one the last."""
        found: list[Page] = []
        for _ in range(most):
            if page is None:
                return found
            found.append(page)
            if self.over(page):
                return found
            self.on(window, page)
            before, page = page, self.settled(window)
            if page is not None and page.heading == before.heading and self.waiting(page):
                return [*found, page]
        raise TimeoutError(f"it has no end: {[each.heading for each in found]}")

    def _first(self, window: Opened) -> Page | None:
        window.until(lambda: self.page(window) is not None, why="no story has begun")
        return self.settled(window)


def _page(front: list[Seen]) -> Page:
    buttons = tuple(
        each for each in front if each.role in _PRESSED and each.name and _bottom(each, front)
    )
    labels = [each for each in front if each.role == "label" and each.name]
    fields = [each for each in front if each.role in _ENTRY and "editable" in each.states]
    ticks = [each for each in front if each.role in ("check box", "radio button")]
    ticks += [each for each in front if "checkable" in each.states and each.role == "table cell"]
    words = "\n".join(dict.fromkeys(word for each in front[1:] for word in each.words()))
    return Page(
        labels[0].name if labels else front[0].name,
        tuple(sorted(buttons, key=lambda each: each.at[0])),
        tuple(fields),
        tuple(ticks),
        words,
    )


def _bottom(each: Seen, front: list[Seen]) -> bool:
    """Whether a button is one of the row at the bottom of its window."""
    _, top, _, height = front[0].at
    return each.at[1] > top + height - 80 * max(1, each.at[3] // 30)
