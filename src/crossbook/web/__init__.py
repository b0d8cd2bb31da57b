"""The book in a browser: one file a page in `pages`, one template each. Pages hold no rules."""

from crossbook.web.app import make_app

__all__ = ["make_app"]
