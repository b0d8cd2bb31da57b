"""What people decide about payouts: that one arrived as a credit, and which orders one is made of."""
