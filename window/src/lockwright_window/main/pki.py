"""The tab PKI: what is on the token, the bin, and what can be done with the token."""

from __future__ import annotations

from collections.abc import Sequence

from lockwright.cli import phrases
from lockwright.console.clean import clean
from lockwright.i18n import _, ngettext
from lockwright.models import PinState, Token
from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSplitter,
    QStyle,
    QWidget,
)

from lockwright_window.main.act_buttons import ActButtons
from lockwright_window.main.content_tree import ContentTree
from lockwright_window.main.contents import Contents
from lockwright_window.main.gauges import Gauges
from lockwright_window.pieces.hints import hint
from lockwright_window.pieces.labels import text
from lockwright_window.pieces.read_only import ReadOnly
from lockwright_window.pieces.scrolled import scrolled
from lockwright_window.speaking import Says
from lockwright_window.stories import reasons
from lockwright_window.stories.acts import Mode
from lockwright_window.words.advice import told
from lockwright_window.words.content import Node
from lockwright_window.words.deleting import item_words

_WIDE, _LOW = 200, 80
"""What the field below the tree has, in pixels, where there is no more."""


class Pki(Says):
    """One token's content.

    Args:
        parent: where it is.
        contents: reads it.
    """

    delete_wanted = Signal(object, object)
    """Rows are to be deleted: the token and the ``Node`` of each."""
    log_in_wanted = Signal(object)
    """Private objects are to be seen: the token."""

    def __init__(self, parent: QWidget, contents: Contents) -> None:
        super().__init__(parent)
        self._contents = contents
        self._token: Token | None = None
        self.gauges, self.acts = Gauges(self), ActButtons(self, in_row=True)
        self._bin, self._log_in = QPushButton(self), QPushButton(self)  # Tab goes in this order
        self.tree = ContentTree(self)
        self._note, self._why = text(self), text(self)
        self._more = _Reading(self)
        trash = self.style().standardIcon(QStyle.StandardPixmap.SP_TrashIcon)
        self._bin.setIcon(trash)
        for each in (self._log_in, self._bin):
            each.setAutoDefault(True)
        self._lay()
        self._log_in.clicked.connect(lambda: self.log_in_wanted.emit(self._token))
        self._bin.clicked.connect(self._on_bin)
        self.tree.bin_wanted.connect(self._on_bin)
        self.tree.menu_wanted.connect(self._on_menu)
        self.tree.chosen.connect(self._on_chosen)
        contents.changed.connect(self._on_contents)
        self.say()

    def show_token(self, token: Token, mode: Mode) -> None:
        """Show a token.

        Args:
            token: the token.
            mode: whose acts are shown.
        """
        self._token = token
        self.gauges.show_token(token)
        self.acts.show_token(token, mode)
        self._contents.show(token)
        self._on_contents()
        self._on_chosen()

    def say(self) -> None:
        """Put its own words into the language in use."""
        self.tree.say()
        self._log_in.setText(_("Log in…"))
        self._log_in.setToolTip(_("Show what only the PIN opens"))
        self._bin.setText(_("Delete"))
        self._more.setAccessibleName(_("What is known of it"))
        self._say_note()
        self._on_chosen()

    def _lay(self) -> None:
        """What is pressed stands above what is long, so that it is seen in a low window, too."""
        bar = QHBoxLayout()
        bar.addWidget(self._bin)
        bar.addWidget(self._why, stretch=1)
        bar.addWidget(self._log_in)
        split = QSplitter(Qt.Orientation.Vertical, self)
        split.addWidget(self.tree)
        split.addWidget(self._more)
        split.setStretchFactor(0, 1)
        split.setChildrenCollapsible(False)
        split.setSizes([4 * _LOW, _LOW])
        layout = scrolled(self)
        layout.addWidget(self.gauges)
        layout.addWidget(self.acts)
        layout.addLayout(bar)
        layout.addWidget(split, stretch=1)
        layout.addWidget(self._note)

    @property
    def _no_deleting(self) -> str:
        """Why nothing can be deleted now; empty where it can."""
        if self._token is not None and (no := reasons.not_writable(self._token)):
            return no
        return "" if self.tree.nodes else _("Choose what is to be deleted.")

    @Slot()
    def _on_contents(self) -> None:
        content = self._contents.content
        self.tree.show_nodes(() if content is None else content.nodes)
        self._say_note()

    @Slot()
    def _on_chosen(self) -> None:
        no = self._no_deleting
        self._bin.setEnabled(not no)
        self._bin.setToolTip(hint(no or item_words(self.tree.nodes)))
        self._why.setText(no)
        more = "\n".join(self.tree.more())
        if self._more.toPlainText() != more:
            self._more.setPlainText(more)

    @Slot()
    def _on_bin(self) -> None:
        nodes: Sequence[Node] = self.tree.nodes
        if not self._no_deleting:
            self.delete_wanted.emit(self._token, nodes)

    @Slot(QPoint, bool)
    def _on_menu(self, place: QPoint, by_keys: bool) -> None:  # noqa: FBT001  # Qt's signature
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        no = self._no_deleting
        words = item_words(self.tree.nodes)
        action = menu.addAction(f"{words} ({no})" if no and self.tree.nodes else words)
        action.setEnabled(not no)
        action.triggered.connect(self._on_bin)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)
        if by_keys:  # the button that opened it is still to be released, and would press the item
            menu.setActiveAction(action)

    def _say_note(self) -> None:
        contents = self._contents
        progress, content = contents.progress, contents.content
        self._log_in.setVisible(content is not None and not content.listing.logged_in)
        if contents.error is not None:
            words = told(contents.error).line
        elif progress is not None and progress.total:
            words = ngettext(
                "Reading: {done} of {total} object",
                "Reading: {done} of {total} objects",
                progress.total,
            ).format(done=progress.done, total=progress.total)
        elif content is None:
            words = _("Reading the token…")
        elif not content.listing.logged_in:
            words = _not_shown(self._token)
        else:
            words = _("Everything on the token is shown.")
        self._note.setText(clean(words))


def _not_shown(token: Token | None) -> str:
    words = _("What only the PIN opens is not shown.")
    status = None if token is None else token.state.user_pin
    if status is None or status.state in {PinState.OK, PinState.COUNT_LOW}:
        return words
    return f"{words} {_('User PIN')}: {phrases.pin_state(status)}."


class _Reading(ReadOnly):
    """A field that is read, a few lines high unless it is given more."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setMinimumHeight(2 * self.fontMetrics().lineSpacing())

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """A few lines."""
        return QSize(_WIDE, _LOW)
