"""The brand desk's commands, end to end on the sample business."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import run
from tests.sharing import copied

GOLDEN = Path(__file__).parents[1] / "sources" / "golden"


@pytest.fixture(scope="module")
def sample_book(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("brand")
    copied(sample / "book", folder / "book")
    return folder / "book"


def told(book: Path, *words: object) -> Any:
    done = run(*words, "--book", book, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_what_was_planted_is_found(sample_book: Path) -> None:
    hits = {
        (h["sku"], h["mark"]): h
        for h in told(sample_book, "marks", "screen", "--level", "note", "--limit", "500")["hits"]
    }
    for sku, mark, kind in (
        ("BAG-20", "VALKORE", "look-alike"),
        ("BAG-45", "TREKLUND", "sound"),
        ("LAMP-02", "LUMENARA", "letters"),
        ("SPEAKER", "ZEPHYRON", "sound"),
        ("POWER-20K", "VOLTARIS", "affix"),
        ("POLES", "北狼", "sound"),
        ("FILTER", "AQUAVIRE", "same"),
        ("WATCH-B", "CHRONAVEL", "same"),
    ):
        assert hits[sku, mark]["kind"] == kind, (sku, mark)
    assert "fits" in hits["FILTER", "AQUAVIRE"]["why"] and "licensed" in hits["WATCH-B", "CHRONAVEL"]["why"]
    assert "sues" in hits["BAG-20", "VALKORE"]["why"] and hits["BAG-20", "VALKORE"]["level"] == "act"
    assert {h["level"] for k, h in hits.items() if k[1] in ("PEAK", "TRAIL", "CAMP")} == {"note"}


def test_shown_decided_exported_and_checked(sample_book: Path, tmp_path: Path) -> None:
    shown = run("marks", "screen", "BAG-20", "--book", sample_book)
    assert "valk-0+ore" in shown.stdout and "no legal clearance" in shown.stdout and "采购-BAG-20.pdf" in shown.stdout
    assert "商品对照" in run("--lang", "zh", "marks", "screen", "--book", sample_book).stdout
    assert run("marks", "screen", "--check", "--book", sample_book).returncode == 1
    assert run("decide", "hit", "B0YS000008", "VALKORE", "--book", sample_book).returncode == 2
    done = run("decide", "hit", "B0YS000008", "VALKORE", "--why", "ours", "--book", sample_book)
    assert done.returncode == 2 and "sues: " in done.stderr and "--yes VALKORE" in done.stderr
    done = run("decide", "hit", "B0YS000008", "VALKORE", "--why", "ours", "--yes", "VALKORE", "--book", sample_book)
    assert done.returncode == 0, done.stderr
    assert told(sample_book, "marks", "screen")["board"]["dismissed"] == 1
    assert run("undo", "hit", "B0YS000008", "VALKORE", "--book", sample_book).returncode == 0
    assert (
        run("marks", "screen", "--level", "act", "--out", tmp_path / "hits.csv", "--book", sample_book).returncode == 0
    )
    rows = list(csv.DictReader((tmp_path / "hits.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) == told(sample_book, "marks", "screen", "--level", "act")["n"] and rows[0]["level"] == "act"


def test_a_day_file_replaces_what_the_register_said(sample_book: Path, tmp_path: Path) -> None:
    assert told(sample_book, "marks", "search", "Emberjack")[0]["live"] == "dead"
    day = tmp_path / "apc260701.xml"
    text = (GOLDEN / "uspto_xml.xml").read_text(encoding="utf-8")
    number = told(sample_book, "marks", "search", "Emberjack")[0]["number"]
    day.write_text(text.replace("97000001", number).replace("VALKORE &amp; SONS", "EMBERJACK"), encoding="utf-8")
    done = run("marks", "add", day, "--book", sample_book)
    assert done.returncode == 0, done.stderr
    (now,) = [m for m in told(sample_book, "marks", "search", "Emberjack") if m["number"] == number]
    assert (now["live"], now["classes"], now["owner"]) == ("live", "18", "Valkore Outdoor Inc.")
    assert "258 marks" in done.stdout or "marks in the register" in done.stdout


def test_a_register_cut_short_changes_nothing(sample_book: Path, tmp_path: Path) -> None:
    before = told(sample_book, "marks", "screen")["board"]["marks"]
    whole = (GOLDEN / "uspto_xml.xml").read_bytes()
    (tmp_path / "cut.xml").write_bytes(whole[: len(whole) - 120])
    done = run("marks", "add", tmp_path / "cut.xml", "--book", sample_book)
    assert done.returncode == 2 and "cut.xml:" in done.stderr and "Traceback" not in done.stderr
    assert told(sample_book, "marks", "screen")["board"]["marks"] == before


def test_words_on_the_command_line(sample_book: Path) -> None:
    found = told(sample_book, "marks", "screen", "--text", "leather case, Vаlkore style 🔥 حقيبة")["hits"]
    assert found[0]["mark"] == "VALKORE"
    assert told(sample_book, "marks", "screen", "--text", "")["board"]["listings"] == 16


def test_a_picture_is_read_and_held_against_logos(sample_book: Path) -> None:
    pictures = sample_book / "pictures"
    found = told(sample_book, "marks", "screen", "--picture", pictures / "BAG-20.png", "--logos", pictures / "logos")
    assert "VALKORE" in {h["mark"] for h in found["hits"]}
    found = told(
        sample_book, "marks", "screen", "--picture", pictures / "logos" / "VALKORE.png", "--logos", pictures / "logos"
    )
    assert found["copies"][0]["logo"] == "VALKORE"


def test_a_name_is_cleared_and_its_filing_planned(sample_book: Path, tmp_path: Path) -> None:
    found = told(sample_book, "marks", "clear", "Treklunde", "--classes", "18")
    assert found["counts"]["obstacle"] == 1 and found["marks"][0]["mark"] == "TREKLUND"
    assert run("marks", "clear", "Treklunde", "--classes", "18", "--check", "--book", sample_book).returncode == 1
    assert told(sample_book, "marks", "clear", "Treklunde", "--classes", "3")["counts"]["obstacle"] == 0
    plan = run("marks", "plan", "Yuanshan", "--classes", "18,22", "--on", "2026-12-01", "--out", tmp_path / "p.ics")
    assert "700.00 USD" in plan.stdout and "2027-06-01" in plan.stdout and (tmp_path / "p.ics").exists()
    for words in (
        ("--classes", "99"),
        ("--classes", "9", "--route", "hague"),
        ("--classes", "9", "--on", "soon"),
        ("--classes", "9", "--offices", "US,ZZ"),
    ):
        done = run("marks", "plan", "x", *words)
        assert done.returncode == 2 and "Traceback" not in done.stderr
    offices = run("marks", "plan", "x", "--classes", "9", "--offices", "eu,uk,Japan", "--json")
    assert json.loads(offices.stdout)["asked"]["offices"] == ["EM", "GB", "JP"]


def test_a_listing_that_there_is_not_is_not_far_from_all_marks(sample_book: Path) -> None:
    done = run("marks", "screen", "NO-SUCH", "--book", sample_book)
    assert done.returncode == 2 and "no listing 'NO-SUCH'" in done.stderr and not done.stdout


def test_a_book_without_a_register_says_what_to_add(tmp_path: Path) -> None:
    run("init", tmp_path / "book")
    done = run("marks", "screen", "--book", tmp_path / "book")
    assert done.returncode == 2 and "marks add" in done.stderr
