"""What Qt and PySide6 need of us so that the window lives, or ends in a sentence."""
