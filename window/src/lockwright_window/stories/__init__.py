"""What is done with a token, a folder for each story; ``acts`` has them all."""
