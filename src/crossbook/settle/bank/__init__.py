"""Which payout arrived as which credit of the bank, why, and what is left on either side."""
