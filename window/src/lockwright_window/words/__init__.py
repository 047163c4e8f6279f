"""Sentences of the window, without Qt: what the catalogue has not, or says for a terminal."""
