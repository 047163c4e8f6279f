"""The processes that serve, and who watches them."""
