"""lockwright in a window: a thin face of the Python API for people who never open a terminal.

``start`` begins it; ``program`` holds what every part of it works with. From the top floor down:
``main`` (the window), ``stories`` (what is done with a token, step by step), ``story`` (what every
story is made of), ``fields`` and ``pieces`` (what a page is made of), ``words`` (sentences, without
Qt), ``work`` and ``known`` (threads).
"""
