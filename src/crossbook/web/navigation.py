"""What stands in the navigation of every page, in this order."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """A page's address, and its name (an English text with a Chinese one)."""

    path: str
    name: str


NAVIGATION = (
    Page("/", "Overview"),
    Page("/payouts", "Payouts"),
    Page("/orders", "Orders"),
    Page("/verify", "Verify"),
    Page("/screen", "Marks"),
    Page("/bank", "Bank"),
    Page("/customs", "Customs"),
    Page("/evidence", "Evidence"),
    Page("/products", "Products"),
    Page("/markets", "Markets"),
    Page("/refunds", "Refunds"),
    Page("/claims", "Claims"),
    Page("/tax", "Tax"),
    Page("/cases", "Cases"),
    Page("/watch", "Watch"),
    Page("/add", "Add files"),
    Page("/journal", "Journal"),
)
