"""What every request has, whatever it asks for."""
