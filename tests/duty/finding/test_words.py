"""Words as the search compares them."""

from __future__ import annotations

from crossbook.duty.finding.words import goods_themselves, plain, stem, stems


def test_stems() -> None:
    assert [stem(w) for w in ("batteries", "boxes", "knives", "glasses", "knitted", "glass")] == [
        "battery",
        "box",
        "knif",
        "glass",
        "knitt",
        "glass",
    ]


def test_joined_words_are_also_looked_up_one_by_one() -> None:
    assert plain("Men's hand-made boots") == ["men", "hand-made", "hand", "made", "boots"]


def test_what_tells_nothing_of_goods_is_left_out() -> None:
    assert plain("🔥 2 PCS Ｎｅｗ 20cm 65W Phone-Case™ 100ml!! №") == ["phone-case", "phone", "case", "no"]
    assert plain("the tariff classification of 3 articles") == []


def test_chinese_is_looked_up_by_pairs_of_characters() -> None:
    assert stems("蓝牙耳机 black") == ["蓝牙", "牙耳", "机", "耳机", "black"], "and by the last, the kind"
    assert stems("表") == ["表"]


def test_the_thing_itself_comes_before_what_it_is_with() -> None:
    assert goods_themselves("face cream in a glass jar") == "face cream "
    assert goods_themselves("for men with pockets") == "for men with pockets"  # nothing stands before
    assert goods_themselves("cotton shirt") == "cotton shirt"
