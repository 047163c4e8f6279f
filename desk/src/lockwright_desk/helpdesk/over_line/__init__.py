"""The line without dictation: a Request comes from the client's window, a Response goes back."""
