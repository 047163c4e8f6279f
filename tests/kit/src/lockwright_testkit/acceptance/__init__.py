"""The acceptance of a real token: what is asked of it, and how its answers are kept and compared.

``probes`` ask the token in a process of their own, as bare C. ``record`` keeps what it answered,
chained like the audit trail; ``report`` is made of that, and ``difference`` holds the simulator
against it.
"""
