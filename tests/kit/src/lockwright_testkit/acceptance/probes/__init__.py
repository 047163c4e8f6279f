"""What a token is asked, each probe in a process of its own, since a vendor's module may crash.

A probe answers in the names of the simulator's settings, where there is one.
"""
