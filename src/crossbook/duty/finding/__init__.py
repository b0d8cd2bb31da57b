"""Finding the tariff number of goods described in words, English or Chinese: candidates, how sure, what decides."""

from crossbook.duty.finding.ranking import Found, Question, Search, find, search
from crossbook.duty.finding.traits import parsed

__all__ = ["Found", "Question", "Search", "find", "parsed", "search"]
