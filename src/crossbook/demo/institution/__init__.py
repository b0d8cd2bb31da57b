"""The sample payment institution: a year of transfers, what is planted in them, what looks alike."""

from crossbook.demo.institution.making import Made, make, settings_for

__all__ = ["Made", "make", "settings_for"]
