"""The register: clients, their tokens, who held them, and what became of them."""
