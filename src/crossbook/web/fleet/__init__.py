"""The web face of a fleet: all its books, what was found in them and across them, down to each book's own pages."""
