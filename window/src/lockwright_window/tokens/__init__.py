"""What is known of the tokens that are connected."""
