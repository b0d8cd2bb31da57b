"""A sample fleet: sellers on one platform, each with a book of its own, and what they have in common by planting."""

from crossbook.demo.fleet.making import make, make_books

__all__ = ["make", "make_books"]
