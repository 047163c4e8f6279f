"""What every story is made of: a window with one step at a time, work, failures, and an end."""
