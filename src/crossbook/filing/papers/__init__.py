"""The papers of one trade: commercial invoice, packing list, CN22 and CN23, as PDF and as data."""
