"""The page that finds a tariff number: candidates, the question, its answer taken back, both languages, the API."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.web.conftest import Served

DRESS = {"q": "women's polyester dress", "on": "2026-06-20"}


@pytest.fixture
def client(served: Served) -> httpx.Client:
    return served.client()


def test_the_question_and_its_answer(client: httpx.Client) -> None:
    page = client.get("/find", params=DRESS).text
    assert "Is it knitted (crocheted) or woven?" in page
    where = re.search(r'href="(/find\?[^"]*construction%3Dwoven[^"]*)"', page)
    assert where
    answered = client.get(where[1].replace("&amp;", "&")).text
    assert "take back" in answered and "Is it knitted" not in answered
    first = re.search(r"<tbody>\s*<tr><td class=\"nowrap\">([\d.]+)", answered)
    assert first and first[1].startswith("6204.43")


def test_in_chinese(client: httpx.Client) -> None:
    page = client.get("/find", params={"q": "充电宝", "on": "2026-06-20"}, headers={"Accept-Language": "zh"}).text
    assert "8507.60" in page and "候选税号" in page and "请与报关行核实" in page


def test_nothing_asked_and_nothing_found(client: httpx.Client) -> None:
    assert client.get("/find").status_code == 200
    assert "Try other words" in client.get("/find", params={"q": "qqqq zzzz"}).text
    assert client.get("/api/find", params={"q": "qqqq zzzz"}).json()["candidates"] == []


def test_the_api_says_what_the_page_shows(client: httpx.Client) -> None:
    told = client.get("/api/find", params={**DRESS, "answers": "construction=knitted"}).json()
    assert told["candidates"][0]["hts"].startswith("6104.43")
    assert told["right_of_ten"] in range(1, 11)
    wrong = client.get("/api/find", params={**DRESS, "answers": "colour=red"})
    assert wrong.status_code == 422 and wrong.json()["parameter"] == "answers"
    assert client.get("/api/find", params={**DRESS, "origin": "XX"}).status_code == 422


def test_products_lead_to_it(client: httpx.Client) -> None:
    assert 'href="/find"' in client.get("/products").text
