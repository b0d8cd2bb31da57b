"""crossbook: the evidence-backed book of record for a business that sells across borders."""

__version__ = "0.6.0"
