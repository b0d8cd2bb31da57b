"""Which of several rows says what stands in the end: the one of the latest moment; of one moment, by what it says.

Customs and trackers tell several steps within one second, and trackers often the day alone; which of them comes first
in a file says nothing. Of answers of customs one that refuses is the last, then the cancelling of a list, then the
farther step: its codes grow from the handing in (1, 2, 3) over the taking in (120), the review (300, 399) and the
inspection (500) to the release (800) and the close (899). Of the ends of a parcel the one that leaves it with the buyer
counts only where nothing else happened in that moment.
"""

STEP = "lpad(coalesce(code, ''), 8, '0')"  # how far an answer of customs goes, by its code
# The place of an answer of customs among others: the greatest is the last. NULL where no moment is known.
ANSWER = f"""CASE WHEN returned_at IS NOT NULL THEN
    (returned_at, CASE state WHEN 'refused' THEN 2 WHEN 'cancelled' THEN 1 ELSE 0 END, {STEP}) END"""
# The same of an event that ends the way of a parcel.
END = """CASE WHEN happened_at IS NOT NULL THEN
    (happened_at, CASE event WHEN 'delivered' THEN 0 WHEN 'lost' THEN 1 WHEN 'returning' THEN 2 ELSE 3 END) END"""
