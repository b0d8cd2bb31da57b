"""What faces show across desks: the overview, lists, search, a trade's passport, what a payout holds, and why."""
