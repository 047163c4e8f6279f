"""lockwright in a window: a thin face of the Python API for people who never open a terminal.

From the top floor down.

- Its life, ``life``: ``start`` (the first line), ``options`` (the command line), ``alone`` (one
  window at a time), ``early`` (what goes on while Qt is imported), ``program`` (what every part
  works with).
- What is seen: ``main`` (the window), ``stories`` (what is done with a token, step by step),
  ``story`` (what every story is made of), ``fields`` and ``pieces`` (what a page is made of),
  ``words`` (sentences, without Qt), ``speaking`` (the language in use).
- What is known: ``tokens`` (as they come and go), ``work`` and ``threads`` (what is asked of them,
  beside the window's thread).
- For others' sake: ``qt`` (what PySide6 needs so that the window lives), ``frozen`` (PyInstaller).
"""
