"""How near two names are to being one person's."""

from __future__ import annotations

from enum import StrEnum


class Degree(StrEnum):
    """From near to far.

    `SAME`: one name, written in one way or another. `MAY_BE`: a reading, an abbreviation or a slip would make them one.
    `FAMILY`: another of the family, or of the group of companies. `DIFFERENT`: strangers.
    """

    SAME = "same"
    MAY_BE = "may_be"
    FAMILY = "family"
    DIFFERENT = "different"

    @property
    def far(self) -> int:
        """0 for the same, more for what is farther."""
        return _FAR[self]


_FAR = {degree: place for place, degree in enumerate(Degree)}
