"""Two authorities find the chains that cross between them without pooling their data."""
