"""The command line. Thin: each command calls one function of the book or of a desk and shows what it returns."""
