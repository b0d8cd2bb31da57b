"""Brand: whose mark are we too close to; screening of listings, takedown, and clearing a name of our own."""
