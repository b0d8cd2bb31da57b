"""Where money went on: through conversions, withdrawals and wallets, lot by lot."""
