"""What is known of an adapter: the file beside it, and the reports of real tokens that it names."""
