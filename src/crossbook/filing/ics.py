"""A calendar file (iCalendar, RFC 5545) of days on which something is due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta


@dataclass(frozen=True)
class Entry:
    """One day of a calendar; `uid` stays the same when the file is written again, `stamp` is the day it was known."""

    uid: str
    day: date
    stamp: date
    summary: str
    description: str


def calendar_file(desk: str, entries: Iterable[Entry]) -> bytes:
    """The entries as an .ics file, each with a reminder a week before."""
    from icalendar import Alarm, Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", f"-//crossbook//{desk}//EN")
    calendar.add("version", "2.0")
    for entry in entries:
        event = Event()
        event.add("uid", f"{entry.uid}@crossbook")
        event.add("dtstamp", datetime.combine(entry.stamp, datetime.min.time(), UTC))
        event.add("dtstart", entry.day)
        event.add("summary", entry.summary)
        event.add("description", entry.description)
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", entry.summary)
        alarm.add("trigger", timedelta(days=-7))
        event.add_component(alarm)
        calendar.add_component(event)
    return bytes(calendar.to_ical())
