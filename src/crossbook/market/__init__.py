"""Market: where else a product would sell: what statistics of trade say, and what distance and size would expect."""
