"""Administrator keys that nobody sees: three custodies behind one port."""
