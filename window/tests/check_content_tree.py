"""The tree of a full token, without a screen: what Qt asks of it for a thousand rows."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from types import FrameType

import pytest
from lockwright_window.main.content_tree import ContentTree
from lockwright_window.pieces.content_model import ContentModel
from lockwright_window.words.content import Cells, Node, Sort
from lockwright_window.words.weight import Weight
from PySide6.QtCore import QItemSelectionModel
from PySide6.QtWidgets import QApplication

CONTAINERS = 333
MOST = 20_000
"""Questions of Qt for one thing that a person does: some 15 ms. Each with each would be 126,000."""
_FLAG = QItemSelectionModel.SelectionFlag


def rows(containers: int = CONTAINERS) -> tuple[Node, ...]:
    return (_node("users", Sort.GROUP, tuple(_container(each) for each in range(containers))),)


def _container(number: int) -> Node:
    below = tuple(_node(f"{number}-{each}", Sort.OBJECT) for each in range(3))
    return _node(f"{number}", Sort.CONTAINER, below)


def _node(key: str, sort: Sort, below: tuple[Node, ...] = ()) -> Node:
    return Node(key, sort, lambda: Cells(key, "", Weight.PLAIN), below)


@pytest.fixture
def tree(application: QApplication) -> Iterator[ContentTree]:
    made = ContentTree(None)  # type: ignore[arg-type]  # it stands alone here
    made.resize(600, 500)
    made.show_nodes(rows())
    made.show()
    made.expandAll()
    application.processEvents()
    yield made
    made.deleteLater()


@pytest.fixture
def asked() -> Iterator[Callable[[], int]]:
    """How often Qt asked for the row above one, since this was asked last."""
    times, code = [0], ContentModel.parent.__code__

    def count(frame: FrameType, event: str, _given: object) -> None:
        times[0] += event == "call" and frame.f_code is code

    def since() -> int:
        found, times[0] = times[0], 0
        return found

    sys.setprofile(count)  # PySide6 bears no other method in place of one that it has called
    yield since
    sys.setprofile(None)


def test_a_thousand_rows_that_are_open_are_chosen_at_once(
    tree: ContentTree, application: QApplication, asked: Callable[[], int]
) -> None:
    tree.selectAll()
    application.processEvents()
    assert 0 < asked() < MOST
    assert [node.key for node in tree.nodes] == [str(each) for each in range(CONTAINERS)]


def test_what_is_open_and_chosen_stays_when_a_full_token_is_read_again(
    tree: ContentTree, application: QApplication, asked: Callable[[], int]
) -> None:
    tree.selectAll()
    asked()
    tree.show_nodes(rows())  # the same, read again
    application.processEvents()
    assert asked() < MOST
    tree.say()  # in another language
    application.processEvents()
    assert asked() < MOST
    tree.show_nodes(rows(CONTAINERS - 1))
    application.processEvents()
    assert asked() < MOST
    assert [node.key for node in tree.nodes] == [str(each) for each in range(CONTAINERS - 1)]
    assert tree.isExpanded(tree.model().index(7, 0, tree.model().index(0, 0)))


def test_single_objects_are_chosen_and_taken_away_beside_a_container(tree: ContentTree) -> None:
    model, select = tree.model(), tree.selectionModel()
    group = model.index(0, 0)
    one, other = model.index(1, 0, group), model.index(2, 0, group)
    for each in (model.index(0, 0, one), model.index(2, 0, one), other):
        select.select(each, _FLAG.Select | _FLAG.Rows)
    assert {node.key for node in tree.nodes} == {"1-0", "1-2", "2"}
    select.select(model.index(0, 0, one), _FLAG.Deselect | _FLAG.Rows)
    assert {node.key for node in tree.nodes} == {"1-2", "2"}
    select.select(one, _FLAG.Select | _FLAG.Rows)  # the object goes along with its container
    assert {node.key for node in tree.nodes} == {"1", "2"}
    select.clear()
    assert tree.nodes == []
