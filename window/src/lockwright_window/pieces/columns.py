"""The columns of a tree: the state has the room that it needs, the name all the rest."""

from __future__ import annotations

from PySide6.QtWidgets import QHeaderView, QTreeView

_NARROWEST = 110


def fit_columns(tree: QTreeView) -> None:
    """Fit the two columns of a tree to what is shown of it.

    Args:
        tree: the tree, with its model.
    """
    header = tree.header()
    header.setMinimumSectionSize(_NARROWEST)
    header.setStretchLastSection(False)
    header.setResizeContentsPrecision(0)  # what can be seen, not a thousand rows
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionsMovable(False)
