"""How a bundle is made, step by step; ``tools/bundle.py`` takes the steps."""
