"""The main window: the tokens at the left, the one that is chosen at the right."""
