"""The rules: one file each. A new file is a new rule; nothing else names them."""
