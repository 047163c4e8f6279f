"""One file a hook: what the contract asks of it. The file's name is the hook's."""
