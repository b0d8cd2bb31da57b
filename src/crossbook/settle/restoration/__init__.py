"""Which orders a payout holds of which only the total is known: every explanation counted, the likely ones listed."""
