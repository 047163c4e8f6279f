"""lockwright in a window: a thin face of the Python API for people who never open a terminal.

From the top floor down.

- Its life: ``start`` (the first line), ``options`` (the command line), ``early`` (what goes on
  while Qt is imported), ``program`` (what every part works with).
- What is seen: ``main`` (the window), ``stories`` (what is done with a token, step by step),
  ``story`` (what every story is made of), ``fields`` and ``pieces`` (what a page is made of),
  ``words`` (sentences, without Qt), ``speaking`` (the language in use).
- What is known: ``notices`` (what is to be pointed out), ``known`` (the tokens as they come and
  go), ``look`` (one look at them), ``work`` (threads).
- For others' sake: ``immortal`` (PySide6), ``frozen`` (PyInstaller). ``unshown``: no window can be.
"""
