"""The version of crossbook; what is kept in a book's cache rests on it."""

__version__ = "0.8.0"
