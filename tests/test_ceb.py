"""The CEB tables hold together, and the check of a field agrees with the schema made from them."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from crossbook import ceb, i18n

ROOT = Path(__file__).parent.parent
GOLDEN = Path(__file__).parent / "sources" / "golden"
XSD = ROOT / "src/crossbook/data/customs/ceb.xsd"
FIELDS = [f for node in ceb.fields().values() for f in node]


def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("ceb_schema", ROOT / "tools/ceb_schema.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_schema_is_made_from_the_tables() -> None:
    assert maker().schema() == XSD.read_text(encoding="utf-8")


def test_every_message_has_its_nodes_and_its_return() -> None:
    for message in ceb.messages().values():
        assert message.head in ceb.fields() and (not message.item or message.item in ceb.fields())
        assert not message.reply or f"CEB{message.reply}Message" in ceb.messages()
    used = {n for m in ceb.messages().values() for n in (m.head, m.item) if n} | {"BaseTransfer"}
    assert used == set(ceb.fields())


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("120", "accepted"),
        ("800", "released"),
        ("500", "held"),
        ("100", "refused"),
        ("-304001", "refused"),
        ("1399", "unknown"),
        ("", "unknown"),
    ],
)
def test_states(code: str, expected: str) -> None:
    assert ceb.state(code) == expected


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("goodsValue", "12.34", ""),
        ("goodsValue", "12.345678", "has 6 decimals, 5 are allowed"),
        ("goodsValue", "123456789012345678901", "has 21 digits, 19 are allowed"),
        ("goodsValue", "12,34", "is not a number"),
        ("currency", "USD1", "has 4 characters, 3 are allowed"),
        ("currency", "US", "has 2 characters, 3 are needed"),
        ("orderNo", "", "is empty"),
        ("orderNo", None, "is missing"),
        ("note", None, ""),
        ("note", "", ""),
    ],
)
def test_a_field_says_what_is_wrong(name: str, text: str | None, problem: str) -> None:
    field = next(f for f in ceb.fields()["OrderHead"] if f.name == name)
    assert field.problem(text) == problem


@pytest.fixture(scope="module")
def schemas() -> dict[tuple[str, str], etree.XMLSchema]:
    """For each field a schema of its own, taken from the one that ships."""
    xs = "{http://www.w3.org/2001/XMLSchema}"
    found = {}
    for kind in etree.parse(str(XSD)).getroot().iter(f"{xs}complexType"):
        for element in kind.iter(f"{xs}element") if kind.get("name") else ():
            alone = etree.Element(f"{xs}schema")
            child = etree.SubElement(alone, f"{xs}element", name="x")
            child.append(element[0])
            found[kind.get("name", ""), element.get("name", "")] = etree.XMLSchema(alone)
    return found


TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), max_size=70)
NUMBER = st.decimals(-(10**15), 10**15, places=6).map(lambda d: f"{d:f}") | st.integers(0, 10**12).map(str)


@given(st.sampled_from(FIELDS), TEXT | NUMBER)
def test_what_a_field_allows_is_valid(schemas: dict, field: ceb.Field, text: str) -> None:  # type: ignore[type-arg]
    element = etree.Element("x")
    element.text = text
    valid = schemas[field.node, field.name].validate(element)
    if not field.problem(text):
        assert valid, (field, text)
    elif field.format.startswith("C"):
        assert not valid, (field, text)


def test_the_sample_of_a_summary_result_is_valid() -> None:
    etree.XMLSchema(etree.parse(str(XSD))).assertValid(etree.parse(str(GOLDEN / "ceb_returns_792.xml")))


def test_the_chinese_words_are_the_published_ones() -> None:
    catalogue = i18n._catalogue()
    for said in (*ceb.messages().values(), *ceb.states().values()):
        if said.title != "order":
            assert catalogue[said.title] == said.title_zh
