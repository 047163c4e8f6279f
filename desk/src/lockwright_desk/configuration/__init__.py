"""What the bank configures."""
