"""What the desk tells the bank's SIEM."""
