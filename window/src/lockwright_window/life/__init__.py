"""The window's life: its first line, its options, one of it at a time, and its end."""
