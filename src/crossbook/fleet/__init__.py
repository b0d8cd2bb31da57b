"""Many books: the desks of the product run on each, and what only shows across them."""
