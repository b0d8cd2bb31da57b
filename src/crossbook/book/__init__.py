"""The folder on disk: evidence, facts, catalog and journal; how they are added, read, checked and rebuilt."""

from crossbook.book.book import Book, StrPath, init_book, open_book

__all__ = ["Book", "StrPath", "init_book", "open_book"]
