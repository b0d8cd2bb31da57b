"""What people decide about payouts: that one arrived as a credit, which orders one is made of, and
what else is known of it."""
