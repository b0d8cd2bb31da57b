"""What the sources of tracking events share: telling JSON by its keys, and the event that a tracker's code means."""

from __future__ import annotations

from collections.abc import Mapping

from crossbook.sources.source import Head, Recognition

# Event words of tables: our own, those of Chinese carriers, and the codes of UPU's EMSEVT (version 3) messages.
_WORDS = {
    "announced": "announced/pre-advised/label created/已预报/已下单/待揽收",
    "accepted": "EMA/accepted/picked up/posted/已揽收/揽收/已收寄/收寄",
    "departed": "EMB/EMC/departed/outward departure/已离境/离境/航班起飞/离开处理中心",
    "arrived": "EMD/arrived/inward arrival/已到达目的国/到达目的国/航班抵达",
    "customs": "EXA/EDB/customs/presented to customs/出口报关/进口清关中/清关中",
    "customs_held": "EXB/EXC/EXD/EXX/EDA/EME/customs_held/held by customs/海关查验/海关扣留/扣关",
    "customs_released": "EDC/EMF/customs_released/customs released/released/清关完成/海关放行/放行",
    "in_transit": "EMJ/EMK/in_transit/in transit/运输中/转运中",
    "out_for_delivery": "EDG/out_for_delivery/out for delivery/派送中/派件中/投递中",
    "pickup": "EDH/pickup/available for pickup/待自提/到达待取",
    "attempted": "EMH/attempted/delivery failed/unsuccessful delivery/投递失败/派送失败",
    "delivered": "EMI/delivered/已签收/签收/妥投/已妥投",
    "returning": "returning/退回中/退件中",
    "returned": "returned/已退回/退回",
    "lost": "lost/丢失/已丢失",
    "nothing": "nothing/not found/查无信息/无信息",
}
WORDS = {word.lower(): event for event, words in _WORDS.items() for word in words.split("/")}


def recognise(head: Head, *keys: str) -> Recognition:
    """Sure of JSON whose start has all these keys."""
    if not head.text.lstrip("\ufeff \r\n\t").startswith(("{", "[")):
        return Recognition(0.0, "not JSON")
    missing = [key for key in keys if f'"{key}"' not in head.text]
    if missing:
        return Recognition(0.0, f"no {' and '.join(missing)}")
    return Recognition(0.97, f"parcels with {' and '.join(keys)}")


def event(code: str, table: Mapping[str, str]) -> str:
    """The event of a code such as InTransit_002, else of what stands before its underscore; not known: exception."""
    return table.get(code) or table.get(code.partition("_")[0], "exception")
