"""What is recorded of what the desk does."""
