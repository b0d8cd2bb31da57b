"""What the book knows of each trade, once: a room between the engine and the desks."""
