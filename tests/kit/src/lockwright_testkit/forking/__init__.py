"""Programs that start at once: one process imports a program, and forks itself for each run."""
