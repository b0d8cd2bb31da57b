"""In which order customs takes messages, and what of an export list each step of a consignment needs.

1. Order (303) and waybill (505) are transmitted before the export list (603) is declared: GACC Announcement 26 of 2016,
   3 to 5 (read in translation: http://www.e-to-china.com/tariff_changes/Policy_Focus/2016/0510/113047.html). The
   payment receipt (403) was needed as well until Announcement 167 of 2024, 2, which asks for transactions and logistics
   alone from 2024-12-15 (secondary: http://rwj039.sjfzxm.com/global/en/600276.html); it may still be sent.
2. Arrival (507) and bills (607) take lists that customs has given a number (607 names it, WayBillList.invtNo) and has
   not refused; while customs holds the goods, none goes on a bill.
3. Departure (509) takes lists that customs has released.
4. The summary application (701) takes lists declared under B that customs has cleared (结关, 899), not those that it
   has only released (放行, 800): lists that were cleared in a month are compiled into declarations by the 15th of the
   next, those of "list verification and summary statistics" (A) are not (Announcement 194 of 2018; secondary, read at
   http://gnagarna.com/Traditionalstories/stcltylfaf.html and
   http://3566.net.cn/en/cross-border-e-commerce/cross-border-e-commerce-export).

The places of 507, 607 and 509 follow from what their fields name (Announcement 56 of 2018); no text was found that says
them in words.
"""

from __future__ import annotations

from crossbook.ceb import SUMMARY
from crossbook.filing.customs import answered
from crossbook.filing.customs.regime import UNSET, flag_of
from crossbook.filing.customs.settings import Customs
from crossbook.filing.customs.trade import UNSAID, ToDeclare, Want

BEFORE_LIST = ("303", "505")
RELEASED = ("509", "701")  # what is in these has left customs' hands
CLEARED = "899"
DETAINED = ("501", "502", "503", "599")  # handed to another authority: not merely looked at in the yard


def of_list(number: str, t: ToDeclare, customs: Customs) -> list[Want]:
    """What of a trade's export list stands against a message of a consignment."""
    found = _state(number, t)
    if not found and not t.list_number:
        found.append(Want("list_number", "", UNSAID))
    if number == "701":
        flag = t.list_flag or flag_of(customs, t.account, [i.sku for i in t.items])
        if not flag:
            found.append(Want("statisticsFlag", "", UNSET))
        elif flag != SUMMARY:
            found.append(Want("statisticsFlag", flag, "a list declared simply (A) is not summarised: leave it out"))
    return found


def _state(number: str, t: ToDeclare) -> list[Want]:
    code = f" ({t.list_code})" if t.list_code else ""
    name = t.list_number or ""
    if t.list_state is None:
        return [Want("list_number", name, "customs has not answered the export list yet")]
    if t.list_state == "refused":
        return [Want("list_number", name, f"customs refused the export list{code}")]
    if t.list_state == answered.CONTRADICTORY:
        return [Want("list_number", name, answered.WHY)]
    if t.list_state == "cancelled":
        return [Want("list_number", name, "the export list was cancelled")]
    if t.list_state == "unknown":
        return [Want("list_number", name, f"what customs answered to the export list{code} is in no table of states")]
    held = t.list_state == "held"
    if held and (number != "507" or t.list_code in DETAINED):
        return [Want("list_number", name, f"customs holds the goods of the export list{code}")]
    if number in RELEASED and t.list_state != "released":
        return [Want("list_number", name, f"customs has not released the export list{code}")]
    if number == "701" and t.list_code != CLEARED:
        why = f"customs has not cleared the export list{code}: it is summarised once it has (899)"
        return [Want("list_number", name, why)]
    return []
