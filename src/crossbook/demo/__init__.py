"""The sample business: a Shenzhen seller of outdoor gear, written in native file formats by a seeded generator."""

from crossbook.demo.making import Made, make, settings_for

__all__ = ["Made", "make", "settings_for"]
