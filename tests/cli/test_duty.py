"""The duty desk's commands, end to end: JSON, catalogues, exit codes, languages, errors that say what to do."""

from __future__ import annotations

import csv
import json
import re
from functools import reduce
from pathlib import Path
from typing import Any

import pytest

from crossbook import i18n
from crossbook.duty.claims import FACTS
from crossbook.duty.coverage import coverage, in_words
from crossbook.i18n import t
from crossbook.market.potential import PRESENT
from tests.cli.running import data, run
from tests.conftest import GOLDEN

ASKED = (
    "duty",
    "landed",
    "--hts",
    "7326.90.8688",
    "--origin",
    "CN",
    "--to",
    "US",
    "--value",
    "12.50USD",
    "--qty",
    "100",
)


def told(*words: object) -> Any:
    done = run(*words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def sample_book(sample: Path) -> Path:
    return sample / "book"


def test_landed_as_json() -> None:
    bill = told(*ASKED, "--on", "2026-09-20", "--claim", "exclusion=no")
    assert bill["total_ad_valorem_rate"] == 0.779
    assert (bill["customs_value"], bill["total_duty"]) == (125_000, 97_375)
    assert [x["heading_9903"] for x in bill["lines"]] == [None, "9903.88.03", "9903.82.02"]
    assert bill["lines"][1]["authority"] == "Section 301, Trade Act of 1974"
    assert bill["suppressed"][0]["heading_9903"] == "9903.05.31"
    assert [f["amount"] for f in bill["fees"]] == [269, 156]
    assert bill["landed_cost"] == 125_000 + 97_375 + 425
    assert bill["missing"] == []


def test_landed_for_people_in_both_languages() -> None:
    english = run(*ASKED, "--on", "2026-09-20")
    assert english.returncode == 0
    assert "Section 301 list 3" in english.stdout
    assert "77.9 %" in english.stdout
    assert "exclusion: whether the product matches" in " ".join(english.stdout.split())
    chinese = run(*ASKED, "--on", "2026-09-20", lang="zh").stdout
    assert "第 301 条清单三" in chinese
    assert "到岸成本" in chinese


def test_a_folder_that_is_no_book_is_named(tmp_path: Path) -> None:
    """Its own law and duty tables were asked for: an answer without them would be another one."""
    for words in ((*ASKED, "--on", "2026-09-20"), ("duty", "find", "shoes"), ("duty", "show", "6404.11.90")):
        done = run(*words, "--book", tmp_path)
        assert (done.returncode, str(tmp_path) in done.stderr) == (2, True), done.stderr


def test_a_bill_whose_upper_end_is_open_says_so() -> None:
    # a toy of 140 USD is free into Uzbekistan for the receiver's own use only (200 USD); else its tariff holds
    parcel = ("duty", "landed", "--hts", "9503.00.0073", "--to", "UZ", "--value", "140USD", "--mode", "courier")
    asks = run(*parcel, "--on", "2026-11-05").stdout
    assert "at least 0.00 USD; the most is not known:" in asks
    assert "no figure with personal_use=no: a table of import duties of UZ is needed" in " ".join(asks.split())
    assert "at least" not in run(*parcel, "--on", "2026-11-05", "--claim", "personal_use=yes").stdout


def test_landed_says_which_entry_it_took() -> None:
    """A shirt of 1,250 dollars before 2025-04-30 (19 CFR 143.21(a)) needed a formal entry: 32.71 USD, 89 FR 59126."""
    early = run(*ASKED, "--on", "2025-03-20").stdout
    assert "32.71 USD" in early and "over 250 USD need a formal entry" in early
    assert "a formal entry pays 33.58 USD" in run(*ASKED, "--on", "2026-09-20").stdout
    assert "33.58 USD" in run(*ASKED, "--on", "2026-09-20", "--entry", "formal").stdout
    assert run(*ASKED, "--on", "2025-03-20", "--entry", "informal").returncode == 2
    assert run(*ASKED, "--on", "2025-03-20", "--entry", "infernal").returncode == 2


def test_what_if() -> None:
    plain = told(*ASKED, "--on", "2025-11-20", "--claim", "exclusion=no")
    off = told(*ASKED, "--on", "2025-11-20", "--claim", "exclusion=no", "--measure", "IEEPA=off")
    rate = told(*ASKED, "--on", "2025-11-20", "--claim", "exclusion=no", "--rate", "s301:3=50%")
    assert plain["total_ad_valorem_rate"] - off["total_ad_valorem_rate"] == pytest.approx(0.1)
    assert rate["total_ad_valorem_rate"] - plain["total_ad_valorem_rate"] == pytest.approx(0.25)


def test_units_weight_and_terms() -> None:
    wine = ("duty", "landed", "--hts", "2204.10.0030", "--origin", "DE", "--value", "1000USD", "--on", "2025-07-01")
    assert told(*wine)["total_duty"] is None
    assert told(*wine, "--units", "liters=100")["total_duty"] == 11_980
    cif = told(*ASKED, "--on", "2026-09-20", "--incoterm", "cif", "--freight", "50USD", "--insurance", "2")
    assert cif["customs_value"] == 125_000 - 5_200


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("--hts", "7326.90"), "too short"),
        (("--hts", "8507.60.0020"), "replaced by 8507.60.0090"),
        (("--hts", "9999.99.9999"), "no tariff line"),
        (("--value", "-5USD"), "negative"),
        (("--value", "5XYZ"), "unknown currency"),
        (("--value", "five"), "not an amount"),
        (("--value", "5", "--to", "JP"), "'5' names no currency"),
        (("--hts", "9903.01.24"), "are declared beside the goods' own"),
        (("--origin", "XX"), "unknown origin"),
        (("--on", "2030-01-01"), "--beyond"),
        (("--on", "soon"), "is not a day"),
        (("--units", "furlongs=3"), "unknown unit 'furlongs'"),
        (("--claim", "colour=red"), "unknown fact"),
        (("--measure", "XYZ=off"), "no measure 'XYZ'"),
        (("--to", "IN"), "crossbook duty add --market IN FILE"),
        (("--to", "KE"), "covered are"),
        (("--qty", "many"), "no number"),
        (("--weight", "-3"), "a quantity of -3 kg"),
        (("--units", "liters=nan"), "a quantity of NaN liters"),
        (("--codes", "0", "--to", "DE"), "0 six-digit codes"),
        (("--rate", "s301:4A=nan%"), "a rate between 0% and 1000%"),
        (("--claim", "steel_share=nan"), "is not between 0 and 1"),
        (("--fx", "EUR"), "not an exchange rate"),
        (("--fx", "EUR=0"), "not an exchange rate"),
        (("--fx", "EUR=nan"), "not an exchange rate"),
    ],
)
def test_bad_input(change: tuple[str, ...], says: str) -> None:
    done = run(*ASKED, "--on", "2026-09-20", *change)
    assert done.returncode == 2
    assert says in " ".join(done.stderr.split())


def test_a_catalogue(tmp_path: Path) -> None:
    path, out = tmp_path / "goods.csv", tmp_path / "out.csv"
    path.write_text(
        "sku,HTS,origin,value,date,note\nA,7326.90.8688,cn,1250.00,2026-09-20,x\nB,1234,CN,10,2026-09-20,y\n"
        "C,6109.10.0012,VN,99.99,2026-09-20,z\n"
    )
    done = run("duty", "landed", path, "--out", out)
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    assert [r["status"] for r in rows] == ["interval", "refused", "priced"]
    assert rows[0]["total_duty_cents"] == "97375"
    assert rows[0]["note"] == "x"
    assert "no tariff line" in rows[1]["reason"]
    assert json.loads(run("duty", "landed", path, "--json").stdout)[0]["total_duty"] == 97_375
    path.write_text(
        "hts,origin,to,value,currency,on\n6109.10.0012,CN,SG,100,SGD,2026-09-01\n"
        "6109.10.0012,CN,US,100,USD,2026-09-01\n6109.10.0012,CN,IN,100,INR,2026-09-01\n"
        "6109.10.0012,CN,US,100,CNY,2026-09-01\n"
    )
    mixed = json.loads(run("duty", "landed", path, "--json").stdout)
    assert [(r["to"], r["status"], r["total_duty"]) for r in mixed] == [
        ("SG", "priced", 0),
        ("US", "priced", 3_650),
        ("IN", "refused", None),
        ("US", "refused", None),
    ]
    path.write_text("hts,origin,to,value,currency,on\n6109.10.0012,CN,JP,100,,2026-09-01\n")
    (alone,) = json.loads(run("duty", "landed", path, "--json").stdout)
    assert (alone["status"], alone["reason"][:28]) == ("refused", "the value names no currency "), "no guess of yen"
    assert "crossbook duty add --market IN" in mixed[2]["reason"]
    assert "a value in CNY" in mixed[3]["reason"]
    for text, says in (
        ("hts,origin,value,on\n7326.90.8688,CN,ten,2026-09-20\n", "line 2, column 'value': 'ten'"),
        ("hts,origin,value,on\n7326.90.8688,CN,10,soon\n", "line 2, column 'on': 'soon'"),
        ("hts,value\n1,2\n", "no column origin"),
        ("", "not a CSV that can be read → save"),
        ("hts,origin,value,on\n1,2\n", "not a CSV that can be read → save"),
    ):
        path.write_text(text)
        bad = run("duty", "landed", path)
        assert bad.returncode == 2
        assert says in " ".join(bad.stderr.split()), bad.stderr


def test_lines_abroad_count_their_pieces_and_are_in_the_currency_s_own_units(tmp_path: Path) -> None:
    """Leather shoes into Japan, 6403.99 015: 30 % or 4,300 yen a pair, whichever is more. 20 pairs of 80,000 yen bear
    86,000; a yen has no hundredths."""
    path = tmp_path / "goods.csv"
    path.write_text(
        "hts,origin,to,value,currency,on,quantity,mode\n6403.99.9065,CN,JP,80000,JPY,2026-07-20,20,courier\n"
        "4202.92,CN,JP,15000.50,JPY,2026-07-20,2,courier\n4202.92,CN,JP,15000,JPY,2026-07-20,0,courier\n"
        "4202.92,CN,JP,15000,JPY,2026-07-20,1,balloon\n"
    )
    shoes, half, none, unknown = json.loads(run("duty", "landed", path, "--json").stdout)
    assert (shoes["value"], shoes["total_duty"]) == (80_000, 86_000)
    assert half["reason"].startswith("15000.5 JPY is no amount of this currency")
    assert none["reason"].startswith("a quantity of 0")
    assert unknown["reason"].startswith("unknown mode 'balloon'")


def test_a_value_without_a_currency_into_the_united_states_is_said_to_be_dollars() -> None:
    bare = told("duty", "landed", "--hts", "６１０９．１０．００１２", "--value", "10", "--on", "2026-09-01")
    assert (bare["hts"], bare["currency"]) == ("6109100012", "USD")
    assert bare["notes"][-1].startswith("the value names no currency: taken as US dollars")


def test_what_a_compound_duty_has_on_top_is_shown() -> None:
    """Quartz watches of China on 2026-09-01: beside column 1, list 4A 7.5 % and forced labour 12.5 %."""
    found = told("duty", "find", "quartz wrist watch", "--limit", "1", "--on", "2026-09-01")["candidates"][0]
    assert (found["hts"][:7], found["rate"], found["added"]) == ("9102.11", None, 0.2)


def test_what_is_covered_is_told_in_chinese_too() -> None:
    """Nothing of English stands in it but names that are typed (the fact in_quota), files and commands."""
    i18n.choose("zh")
    try:
        told = [t(c.subject) + in_words(c) for c in coverage()]
    finally:
        i18n.choose("en")
    typed = {*FACTS, "stacking.csv", "crossbook duty add --market", "FILE", "CPTPP", "IEEPA", "annex-ii"}
    plain = [reduce(lambda text, name: text.replace(name, ""), typed, text) for text in told]
    assert [text for text in plain if re.search("[A-Za-z]{4}", text)] == []
    assert "增值税 16%" in " ".join(told) and "2026-01-01 起" in " ".join(told)


def test_a_list_of_words_is_chinese_word_by_word() -> None:
    note = PRESENT.format(missing="supply_growth, distance")
    assert "（供给增长、距离）" in i18n.in_chinese(note), i18n.in_chinese(note)


def test_find_and_show() -> None:
    found = told("duty", "find", "USB charging cable", "--on", "2026-09-01")
    assert "8544.42" in " ".join(f["hts"] for f in found["candidates"])
    assert found["candidates"][0]["sure"] > 0
    woven = told("duty", "find", "women's polyester dress", "--is", "woven", "--on", "2026-09-01")
    assert woven["candidates"][0]["hts"].startswith("6204.43")
    assert run("duty", "find", "dress", "--is", "purple").returncode == 2
    shown = told("duty", "show", "8544.42.9090", "--on", "2026-09-01")
    assert {m["heading"] for m in shown["measures"]} >= {"9903.88.03", "9903.82.09"}
    assert len(told("duty", "show", "8544.42", "--on", "2026-09-01")) > 2
    assert run("duty", "find", "qqqq").returncode == 2
    assert "8544.42.9090" in run("duty", "show", "8544.42", "--on", "2026-09-01").stdout


def test_diff() -> None:
    changes = json.loads(run("duty", "diff", "2025-06-30", "2025-07-01", "--json").stdout)
    assert {c["what"] for c in changes} >= {"added", "retired"}
    same = run("duty", "diff", GOLDEN / "usitc_hts.json", GOLDEN / "usitc_hts.json")
    assert same.returncode == 0
    assert "no difference" in same.stdout
    assert run("duty", "diff", "x", "y").returncode == 2
    before = run("duty", "diff", "2024-12-31", "2025-07-01")
    assert before.returncode == 2 and "outside what is known" in before.stderr, "nothing was added on the first day"


@pytest.fixture
def new(tmp_path: Path) -> Path:
    assert run("init", "--book", tmp_path / "b", "--name", "Test").returncode == 0
    return tmp_path / "b"


def test_a_table_of_another_market(new: Path) -> None:
    before = data(
        *ASKED[:-6], "--to", "GB", "--value", "1000GBP", "--hts", "6109.10.0010", "--on", "2026-09-01", book=new
    )
    assert "2021-01" in json.dumps(before), "the table that ships says of which edition it is"
    added = data("duty", "add", GOLDEN / "tariff_table.csv", "--market", "KR", book=new)
    assert added["added"][0]["source"] == "tariff_table"
    unread = run("duty", "add", GOLDEN / "uk_tariff.csv", "--json", book=new)
    assert unread.returncode == 1, "one duty of it cannot be read"
    assert [u["duty"] for u in json.loads(unread.stdout)["unreadable"]] == ["26.00 GBP / hl"]
    asked = (
        "duty",
        "landed",
        "--hts",
        "6109.10.0010",
        "--to",
        "GB",
        "--value",
        "10GBP",
        "--qty",
        "100",
        "--on",
        "2026-09-01",
    )
    bill = data(*asked, "--freight", "100GBP", book=new)
    assert (bill["customs_value"], bill["total_duty"], bill["taxes"][0]["amount"]) == (110_000, 13_200, 24_640)
    assert bill["lines"][0]["legal_source"].endswith(":2")
    covered = data("duty", "coverage", book=new)
    mine = {(c["market"], c["subject"]): c["covered"] for c in covered}
    assert mine["GB", "import duty"].endswith("rows of added tables")
    assert "rows that ship" in mine["JP", "import duty"] and mine["IN", "import duty"].startswith("none:")
    assert "now" in mine["US", "s301"]


def test_an_antidumping_case(new: Path) -> None:
    data("duty", "add", GOLDEN / "tariff_table.csv", book=new)
    bolts = (
        "duty",
        "landed",
        "--hts",
        "7318.16.0030",
        "--value",
        "1000USD",
        "--on",
        "2026-09-01",
        "--claim",
        "exclusion=no",
    )
    bill = data(*bolts, book=new)
    assert [m["fact"] for m in bill["missing"]] == ["case_C-570-000"]
    assert bill["total_duty_high"] - bill["total_duty_low"] == 45_420
    assert data(*bolts, "--claim", "case_C-570-000=no", book=new)["total_duty_high"] == bill["total_duty_low"]


def test_a_schedule_of_ones_own(new: Path) -> None:
    added = data("duty", "add", GOLDEN / "usitc_hts.json", "--from", "2026-06-08", book=new)
    assert added["added"][0]["facts"] == {"tariff": 34}
    assert data("book", "check", book=new)


def test_a_newer_schedule_counts_from_its_day(new: Path, tmp_path: Path) -> None:
    rows = json.loads((GOLDEN / "usitc_hts.json").read_text(encoding="utf-8"))
    for r in rows:
        if r["htsno"] == "7326.90.86":
            r["general"] = "5%"
    (tmp_path / "newer.json").write_text(json.dumps(rows), encoding="utf-8")
    data("duty", "add", tmp_path / "newer.json", "--from", "2026-10-01", book=new)
    ordinary = [data(*ASKED, "--on", on, book=new)["lines"][0] for on in ("2026-09-30", "2026-10-01")]
    assert [x["rate"] for x in ordinary] == ["2.9%", "5%"]
    assert ordinary[1]["legal_source"] == "HTSUS 7326.90.86, as in force from 2026-10-01"
    assert data("duty", "show", "7326.90.8688", "--on", "2026-10-01", book=new)["general"] == "5%"
    gone = run("duty", "landed", "--hts", "8544.42.9090", "--value", "1USD", "--on", "2026-10-01", book=new)
    assert gone.returncode == 2, "a line that the newer schedule does not hold"


def test_advantage(sample_book: Path) -> None:
    rows = data("duty", "advantage", "--on", "2026-06-20", "--sku", "CABLE-3", book=sample_book)
    assert {r["market"] for r in rows} == {"US", "GB", "DE", "AU", "JP", "KR", "CA"}
    there = data(
        "duty",
        "advantage",
        "--on",
        "2026-06-20",
        "--sku",
        "CABLE-3",
        "--market",
        "US",
        "--origin",
        "VN",
        book=sample_book,
    )
    assert there[0]["duty"] < next(r for r in rows if r["market"] == "US")["duty"]
    over_time = (
        "duty",
        "advantage",
        "--on",
        "2026-06-20",
        "--from",
        "2025-01-01",
        "--sku",
        "CABLE-3",
        "--market",
        "US",
    )
    assert len(data(*over_time, book=sample_book)) > 8
    shown = run("duty", "advantage", "--on", "2026-06-20", book=sample_book)
    assert shown.returncode == 0
    assert "break-even price" in " ".join(shown.stdout.split())
    assert run("duty", "advantage", "--sku", "NO-SUCH", book=sample_book).returncode == 2
    nowhere = run("duty", "advantage", "--origin", "ZZ", book=sample_book)
    assert nowhere.returncode == 2 and "unknown origin 'ZZ'" in nowhere.stderr and not nowhere.stdout


def test_refunds(sample_book: Path, tmp_path: Path, sample: Path) -> None:
    found = data("duty", "refunds", "--on", "2026-06-30", book=sample_book)
    assert not found["refused"]
    planted = json.loads((sample / "truth" / "planted.json").read_text(encoding="utf-8"))["entries_filed_wrongly"]
    reasons = {
        "column 1": "overpaid",
        "wrong list": "wrong_list",
        "wrong origin": "wrong_origin",
        "not filed": "underpaid",
    }
    wanted = {(p["entry"], int(p["line"]), reasons[p["mistake"]]) for p in planted}
    own = {
        (r["entry"], r["number"], r["reason"]) for r in found["refunds"] if r["reason"] not in ("ieepa", "exclusion")
    }
    assert own == wanted, "every planted mistake is found, and nothing else"
    out = tmp_path / "list.csv"
    shown = run("duty", "refunds", "--on", "2026-06-30", "--out", out, book=sample_book)
    assert shown.returncode == 0
    assert "past every protest" in " ".join(shown.stdout.split())
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    assert len(rows) == len(found["refunds"])
    assert {r["remedy"] for r in rows} >= {"CAPE declaration in ACE", "protest (CBP Form 19)"}
    assert len(data("duty", "refunds", "--on", "2026-06-30", "--all", book=sample_book)["refunds"]) > len(rows)


def test_claims(sample_book: Path, tmp_path: Path) -> None:
    files = {name: tmp_path / f"{name}.csv" for name in ("cape", "protests", "drawback")}
    asked = [x for name, path in files.items() for x in (f"--{name}", path)]
    told = data("duty", "claims", "--on", "2026-06-30", *asked, book=sample_book)
    back = data("duty", "refunds", "--on", "2026-06-30", "--all", book=sample_book)["refunds"]
    assert sum(c["amount"] + c["perhaps"] for c in told["claims"]) == sum(r["amount"] for r in back if r["amount"] > 0)
    assert sum(c["owed"] for c in told["claims"]) == -sum(r["amount"] for r in back if r["amount"] < 0)
    by = {s["remedy"]: s for s in told["totals"]}
    assert by["CAPE declaration once its protest is withdrawn or decided"]["entries"] == 1
    assert by["CAPE does not take it as it stands: a later phase, or a protest once it is liquidated"]["entries"] == 1
    rows = {name: list(csv.reader(path.open(encoding="utf-8"))) for name, path in files.items()}
    assert rows["cape"][0] == ["Entry Number"]
    assert len(rows["cape"]) - 1 == by["CAPE declaration in ACE"]["entries"]
    assert told["files"] == {str(path): len(rows[name]) - 1 for name, path in files.items()}
    one = run("duty", "claims", "--on", "2026-06-30", "--entry", told["claims"][0]["entry"], book=sample_book)
    assert one.returncode == 0
    assert "Court of International Trade" in one.stdout
    chinese = run("--lang", "zh", "duty", "claims", "--on", "2026-06-30", book=sample_book)
    assert "在 ACE 中提交 CAPE 申报" in chinese.stdout
    assert run("duty", "claims", "--entry", "NO-SUCH", book=sample_book).returncode == 2
    assert run("duty", "claims", "--importer", "nobody", book=sample_book).returncode == 2


def test_claims_match_the_exports_that_are_given(sample_book: Path, tmp_path: Path) -> None:
    first = data("duty", "claims", "--on", "2026-06-30", book=sample_book)["drawback"][0]
    sent = tmp_path / "sent.csv"
    hts, head = first["hts"], "hts,quantity,exported_on,reference"
    sent.write_text(f"{head}\n{hts},100,2026-01-05,AES-1\n", encoding="utf-8")
    told = data("duty", "claims", "--on", "2026-06-30", "--exports", sent, book=sample_book)["drawback"]
    assert [c["exports"] for c in told if c["exports"]] == [["AES-1"]]
    for wrong, where in ((f"{head}\n{hts},x,2026-01-05,A\n", "sent.csv:2"), ("hts,quantity\n1,2\n", "exported_on")):
        sent.write_text(wrong, encoding="utf-8")
        done = run("duty", "claims", "--exports", sent, book=sample_book)
        assert done.returncode == 2
        assert where in done.stderr


def test_a_line_that_cannot_be_worked_out_is_an_exit_code(new: Path, tmp_path: Path) -> None:
    report = tmp_path / "es003.csv"
    report.write_text(
        "Entry Summary Number,Entry Date,Entry Summary Line Number,Country of Origin Code,HTS Number - Full,"
        "Line Tariff Duty Amount\nZZA-1000007-7,05/20/2025,1,CN,6109.10.0012,$1650.00\n",
        encoding="utf-8",
    )
    assert run("add", report, book=new).returncode == 0
    done = run("duty", "claims", "--json", book=new)
    assert done.returncode == 1
    assert json.loads(done.stdout)["unworked"][0]["reason"] == "the report does not give the value of its goods"


def test_a_book_without_entries_says_what_to_add(new: Path) -> None:
    for command in ("refunds", "claims"):
        done = run("duty", command, book=new)
        assert done.returncode == 2
        assert "ES-003" in done.stderr


def test_a_fact_stated_twice_is_refused_where_the_two_differ() -> None:
    done = run(*ASKED, "--on", "2026-06-30", "--claim", "steel_share=0.4", "--claim", "steel_share=0.9")
    assert done.returncode == 2
    assert "stated twice: steel_share=0.4 and steel_share=0.9" in done.stderr


def test_a_supposition_that_changes_nothing_is_named() -> None:
    """7326.90.86 is on list 3 (83 FR 47974), not on list 4A; 25 % of 12.50 in place of 30 % is a change."""
    supposed = ("--rate", "s301:4A=25%", "--rate", "s301:3=30%", "--measure", "IEEPA=off")
    found = told(*ASKED, "--on", "2026-06-30", *supposed)
    assert [n for n in found["notes"] if n.startswith("changes nothing")] == [
        "changes nothing: IEEPA=off",
        "changes nothing: s301:4A=25%",
    ]


# What nobody says is not taken for nothing in silence. (market, term, freight, what is said of it)
@pytest.mark.parametrize(
    ("to", "currency", "term", "freight", "says"),
    [
        ("GB", "GBP", "FOB", None, "the customs value, duty, tax and landed cost are without it"),
        ("US", "USD", "FOB", None, "the landed cost is without it"),
        ("AU", "AUD", "CIF", None, "the customs value holds it, which is free on board"),
        ("GB", "GBP", "CIF", None, ""),  # its customs value holds the freight, as the price does
        ("GB", "GBP", "FOB", "0", ""),  # stated: there is none
    ],
)
def test_freight_that_nobody_says_is_named(to: str, currency: str, term: str, freight: str | None, says: str) -> None:
    more = () if freight is None else ("--freight", freight)
    asked = ("--to", to, "--value", f"5000{currency}", "--incoterm", term, "--on", "2026-09-01")
    bill = json.loads(run("duty", "landed", "--hts", "6109.10.0012", *asked, *more, "--json").stdout)
    told = [n for n in bill["notes"] if "freight" in n and "not stated" in n]
    assert [n.endswith(says) for n in told] == ([True] if says else [])


def test_samples_and_gifts_have_a_customs_value() -> None:
    done = run("duty", "landed", "--hts", "9503.00.0073", "--to", "GB", "--value", "0GBP", "--on", "2026-09-01")
    assert done.returncode == 2 and "a value of 0 is no customs value" in done.stderr


def test_a_line_without_a_value_or_a_quantity_is_refused_as_its_bill_is(tmp_path: Path) -> None:
    """6109.10.0012 of Vietnam at 100.00 bears 16.5 % and 12.5 %: the line beside them is priced as ever."""
    path = tmp_path / "goods.csv"
    path.write_text(
        "hts,origin,to,value,currency,on,quantity\n6109.10.0012,VN,US,0,USD,2026-09-01,1\n"
        "6109.10.0012,VN,US,100,USD,2026-09-01,2\n6109.10.0012,VN,US,100,USD,2026-09-01,0\n"
        "6109.10.0012,CN,GB,0,GBP,2026-09-01,1\n"
    )
    rows = json.loads(run("duty", "landed", path, "--json").stdout)
    assert [(r["status"], r["total_duty"]) for r in rows] == [
        ("refused", None),
        ("priced", 2_900),
        ("refused", None),
        ("refused", None),
    ]
    assert [(rows[n]["reason"] or "")[:15] for n in (0, 2, 3)] == [
        "a value of 0 is",
        "a quantity of 0",
        "a value of 0 is",
    ]


def test_a_catalogue_reads_terms_and_freight_of_lines_abroad(tmp_path: Path) -> None:
    """Into the UK 12 % of 1,000 and 100 of freight; of a price that holds them; into Australia 5 % of 2,000."""
    path = tmp_path / "goods.csv"
    path.write_text(
        "hts,origin,to,value,currency,on,incoterm,freight,preference\n"
        "6109.10.0012,CN,GB,1000,GBP,2026-09-01,FOB,100,no\n6109.10.0012,CN,GB,1000,GBP,2026-09-01,CIF,,no\n"
        "6109.10.0012,CN,AU,2100,AUD,2026-09-01,CIF,100,no\n6109.10.0012,CN,GB,1000,GBP,2026-09-01,,,no\n"
        "6109.10.0012,CN,GB,1000,GBP,2026-09-01,FOB,much,no\n6109.10.0012,CN,GB,1000,GBP,2026-09-01,DDP,,no\n"
    )
    rows = json.loads(run("duty", "landed", path, "--json").stdout)
    assert [r["total_duty"] for r in rows] == [13_200, 12_000, 10_000, 12_000, None, None]
    assert ["freight" in (r["missing"] or "") for r in rows[:4]] == [False, False, False, True]
    assert rows[4]["reason"].startswith("not an amount: 'much'") and "duty-paid" in rows[5]["reason"]
