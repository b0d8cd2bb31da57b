"""What decides between numbers: what a description states, what is asked, what an answer does."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from crossbook.duty.finding import find, parsed, search
from crossbook.duty.finding.traits import compared, deciding, of_subheading, questions, stated, values
from crossbook.errors import CrossbookError

ON = date(2026, 9, 1)


def said(query: str) -> set[tuple[str, str]]:
    return {(v.trait, v.value) for v, told in zip(values(), stated(query), strict=True) if told}


def test_what_a_description_states() -> None:
    assert {("wearer", "women or girls"), ("fibre", "cotton"), ("construction", "knitted or crocheted")} <= said(
        "women's knitted cotton dress"
    )
    assert {("wearer", "women or girls"), ("fibre", "cotton")} <= said("女士纯棉睡衣")
    assert ("material", "glass") not in said("face cream in glass bottle")
    assert ("wearer", "men or boys") in said("shirt for men")


def test_what_a_subheading_can_be() -> None:
    def has(code: str, path: str) -> set[str]:
        return {v.value for v, yes in zip(values(), of_subheading(code, [path]), strict=True) if yes}

    knitted = "Women's or girls' dresses, knitted or crocheted > Dresses > Of cotton"
    assert {"knitted or crocheted", "women or girls", "cotton"} <= has("610442", knitted)
    assert "woven" in has("620442", "Women's or girls' dresses > Of cotton")
    assert "a part or accessory" in has("940199", "Seats > Parts > Other")
    assert "the whole article" in has("940169", "Seats, and parts thereof > With wooden frames > Other")


def test_silence_is_no_conflict() -> None:
    wanted = np.array([v.value == "cotton" and v.trait == "fibre" for v in values()])
    having = np.zeros((3, len(values())), bool)
    having[0] = wanted
    having[1] = [v.value == "silk" and v.trait == "fibre" for v in values()]
    agree, conflict = compared(wanted, having)
    assert agree.tolist() == [1, 0, 0] and conflict.tolist() == [0, 1, 0]


def test_the_best_question_takes_most_doubt_away() -> None:
    columns = {(v.trait, v.value): i for i, v in enumerate(values())}
    having = np.zeros((2, len(values())), bool)
    having[0, columns["construction", "woven"]] = having[1, columns["construction", "knitted or crocheted"]] = True
    having[:, columns["fibre", "cotton"]] = True
    assert deciding(having, np.array([0.5, 0.5]), ()) == [(1.0, "construction")]  # one bit, and cotton tells nothing
    assert deciding(having, np.array([0.5, 0.5]), ("construction",)) == []


def test_a_subheading_of_the_whole_and_its_parts_is_not_half_a_part() -> None:
    columns = {(v.trait, v.value): i for i, v in enumerate(values())}
    part, whole = columns["whole", "a part or accessory"], columns["whole", "the whole article"]
    having = np.zeros((2, len(values())), bool)
    having[0, [part, whole]] = having[1, whole] = True
    assert deciding(having, np.array([0.5, 0.5]), ()) == [], "whoever says the whole has said nothing"


def test_where_no_trait_decides_known_goods_of_the_headings_do() -> None:
    told = search("stainless steel vacuum insulated water bottle", ON)
    assert told.question is not None and told.question.trait == "heading"
    english = [value for value, _ in told.question.choices]
    assert english[:2] == ["9617 vacuum insulated bottle", "7323 stainless steel water bottle single wall"]
    after = search("stainless steel vacuum insulated water bottle", ON, answers={"heading": english[1]})
    assert after.found[0].code.startswith("732393")
    assert after.question is None or after.question.trait != "heading"
    with pytest.raises(CrossbookError, match="begins with no heading"):
        search("vacuum bottle", ON, answers={"heading": "9999"})


def test_knitted_or_woven_is_asked_and_the_answer_decides() -> None:
    told = search("women's polyester dress", ON)
    assert told.question is not None and told.question.trait == "construction"
    assert told.question.choices[0] == ("knitted or crocheted", "针织")
    for answer, six in (("knitted", "610443"), ("woven", "620443"), ("针织", "610443"), ("机织", "620443")):
        found = search("women's polyester dress", ON, answers={"construction": answer})
        assert found.found[0].code[:6] == six
        assert found.question is None or found.question.trait != "construction"


def test_an_answer_beats_what_is_likelier() -> None:
    assert find("hair wig", ON, answers={"hair": "human hair"})[0].code.startswith("670420")
    assert find("hair wig", ON, answers={"hair": "化纤"})[0].code.startswith("670411")
    assert find("wallet", ON, answers={"surface": "leather"})[0].code.startswith("420231")


def test_answers_as_people_type_them() -> None:
    assert parsed(["construction=woven", "hair = human hair"]) == {"construction": "woven", "hair": "human hair"}
    assert parsed(["9617 vacuum flask"]) == {"heading": "9617 vacuum flask"}
    assert "construction" in parsed(["woven"])
    with pytest.raises(CrossbookError, match="answers no question"):
        parsed(["purple"])
    with pytest.raises(CrossbookError, match="no question is called 'colour'"):
        search("dress", ON, answers={"colour": "red"})
    with pytest.raises(CrossbookError, match="answers no question on hair"):
        search("wig", ON, answers={"hair": "plastic"})


def test_every_trait_has_its_question() -> None:
    assert {v.trait for v in values()} | {"heading"} == set(questions())
    assert all(v.chinese for v in values())
