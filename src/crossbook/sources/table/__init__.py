"""A table of somebody's own, read by its data: where it stands in the file, how it writes amounts and days, which way
money went, whose account it is, and what in it proves that reading."""
