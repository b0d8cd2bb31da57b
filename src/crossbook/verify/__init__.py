"""Is each trade real: order, payment, logistics, customs and receipt held against each other."""
