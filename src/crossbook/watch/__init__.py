"""Supervision of payments: long chains of transfers, and what else the law asks to find in them."""
