"""Who works at the desk, what that person may do, and how it is proved who it is."""
