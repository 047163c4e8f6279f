"""Small widgets that pages are made of; none of them knows what is done with a token."""
