"""What leaves the house: the pack that shows a bank which transactions a payout is made of."""

from crossbook.filing.pack import Pack, write_pack

__all__ = ["Pack", "write_pack"]
