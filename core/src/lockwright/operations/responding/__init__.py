"""Requests answered, on the bank's side: where, once each, and noted for all that ask together."""
