"""The book in a browser: one file a page in `pages`, one template each. Pages hold no rules."""
