"""The page «Запрос/Ответ»: the Request is handed on, its Response comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockwright.errors import LineError, RequestOver, ResponseMalformed, TokenRemoved
from lockwright.i18n import N_, _
from lockwright.line.waiting import Answer, Waiting
from lockwright.operations.arrivals import Place
from lockwright.secret import Secret
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from lockwright_window.stories.new_pin.held import Held
from lockwright_window.stories.new_pin.request_view import RequestView
from lockwright_window.story.step import Step
from lockwright_window.words.advice import told
from lockwright_window.words.response import Reading, reading
from lockwright_window.words.time_left import TimeLeft

if TYPE_CHECKING:
    from lockwright_window.stories.new_pin.story import NewPinStory

VOID = N_("No try was spent, but the Request is void.")
_OVER = N_("the time for its Response is over")
_LOOK = 250
"""Milliseconds between two looks at the clock."""


class RequestPage(Step):
    """A Request waits for its Response.

    Args:
        story: which it belongs to.
        held: the Request.
    """

    def __init__(self, story: NewPinStory, held: Held) -> None:
        super().__init__(story)
        self._new_pin_story, self._held = story, held
        self._line_error: Exception | None = None
        self._malformed: Exception | None = None
        self._giving = self._sent = False
        self._time = TimeLeft(held.pending.seconds_left)
        self._view = RequestView(self, held.pending.request)
        self._view.field.changed.connect(self._on_typed)
        self._view.refused.connect(self._on_typed)
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._tick)
        self._reading = self._read()

    def title(self) -> str:
        """What the documents call it."""
        return _("Request/Response")

    def next_words(self) -> str:
        """Give the Response to the token."""
        return _("OK")

    def ready(self) -> bool:
        """Whether what was typed can be a Response."""
        return self._reading.ready

    def first(self) -> QWidget:
        """The field for the Response."""
        return self._view.field

    def loss(self) -> str:
        """What closing costs."""
        return _(
            "The token waits for the Response. If this window is closed, the Request is void: a"
            " Response that the bank gives then is of no use, and a new Request is needed."
        )

    def enter(self) -> None:
        """It waits from now on; it is shown again only if a Response was malformed."""
        self._giving = False
        self.story.program.known.went.connect(self._on_went)
        self._clock.start(_LOOK)
        self._tick()
        if not self._sent:
            self._sent = True
            self._held.open_line(self._on_line, self._on_answer, self._on_line_over)

    def leave(self) -> None:
        """Wipe what was typed; the Request is void, unless its Response is being given."""
        self._clock.stop()
        self.story.program.known.went.disconnect(self._on_went)
        self._view.field.wipe()
        if not self._giving:
            self._held.end()

    def go(self) -> None:
        """Give what was typed to the token."""
        self._give(self._view.field.take(), "")

    def malformed(self, error: ResponseMalformed) -> None:
        """What came over the line cannot be a Response; the Request is still good."""
        self._malformed = error

    def say(self) -> None:
        """Its words in the language in use."""
        errors = [each for each in (self._line_error, self._malformed) if each is not None]
        self._view.tell_line("\n".join(told(each).line for each in errors))
        self._reading = self._read()
        self._view.show_reading(self._reading)
        self._view.say()
        self._tick()

    def _read(self) -> Reading:
        field, pending = self._view.field, self._held.pending
        with field.take() as typed:
            shown = field.characters()
            return reading(shown, typed, pending.request, pending.response_length)

    def _on_typed(self) -> None:
        self._reading = self._read()
        self._view.show_reading(self._reading)
        if self._view.field.filled:
            self._view.come_into_sight()
        self.changed.emit()

    def _tick(self) -> None:
        left = self._held.pending.seconds_left
        self._view.show_time(self._time.words(left), little=self._time.little(left))
        if not left and self._clock.isActive():
            self._ends(RequestOver(reason=_OVER, cost=VOID))

    def _on_went(self, places: tuple[Place, ...]) -> None:
        identity = self._held.pending.token.identity
        if Place(identity.module.path, identity.slot) in places:
            self._ends(TokenRemoved(serial=identity.serial, cost=VOID))

    def _ends(self, error: Exception) -> None:
        self._new_pin_story.request_over(error)

    def _on_line(self, waiting: Waiting) -> None:
        self._view.show_number(waiting.spoken)

    def _on_answer(self, answer: Answer) -> None:
        self._give(Secret(answer.response.buffer), answer.by)

    def _on_line_over(self, error: Exception) -> None:
        if isinstance(error, LineError):
            self._line_error = error
            self._view.show_number("")
            self.say()

    def _give(self, response: Secret, by: str) -> None:
        self._giving = True
        self._new_pin_story.give(self, response, by)
