"""Payouts: do they close, what are they made of, have they arrived, and where is the money on its way?"""

from crossbook.settle.desk import ATTENTION, Desk, Payout, settle

__all__ = ["ATTENTION", "Desk", "Payout", "settle"]
