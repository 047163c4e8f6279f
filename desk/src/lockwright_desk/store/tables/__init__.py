"""The tables. ``migrations`` makes them; a test compares the two."""
