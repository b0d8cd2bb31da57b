"""A message that was changed, cut, or is of another time or party is named as that."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.exchange import envelope, keys
from crossbook.exchange.envelope import Content, Head, MessageError

CONTENT = Content(told={"depths": 2, "秘": "密"}, columns={"transfers": [1, 2], "points": b"abc"})


@pytest.fixture(scope="module")
def party(tmp_path_factory: pytest.TempPathFactory) -> dict[str, keys.Keys]:
    folder = tmp_path_factory.mktemp("keys")
    return {name: keys.make(folder / name) for name in ("ours", "theirs", "others")}


def sealed(party: dict[str, keys.Keys], **other: object) -> bytes:
    told = {"agreement": "a", "session": "s", "sender": "x", "receiver": "y", "number": 3, "before": "", **other}
    return envelope.seal(Head(**told), CONTENT, party["ours"], party["theirs"].receive)  # type: ignore[arg-type]


def test_it_arrives(party: dict[str, keys.Keys]) -> None:
    head, content = envelope.unseal(sealed(party), party["theirs"], party["ours"].sign)
    assert head.number == 3
    assert content.told == CONTENT.told
    assert content.columns["transfers"].tolist() == [1, 2]
    assert content.columns["points"] == b"abc"


def test_any_byte_that_is_changed_is_found(party: dict[str, keys.Keys]) -> None:
    message = sealed(party)
    for at in range(len(message)):
        broken = bytearray(message)
        broken[at] ^= 1
        with pytest.raises(MessageError):
            envelope.unseal(bytes(broken), party["theirs"], party["ours"].sign)


@pytest.mark.parametrize("left", [0, 10, 60, 200, -1])
def test_cut_short(party: dict[str, keys.Keys], left: int) -> None:
    with pytest.raises(MessageError):
        envelope.unseal(sealed(party)[:left], party["theirs"], party["ours"].sign)


def test_of_and_for_somebody_else(party: dict[str, keys.Keys]) -> None:
    with pytest.raises(MessageError, match="signature"):
        envelope.unseal(sealed(party), party["theirs"], party["others"].sign)
    with pytest.raises(MessageError, match="another key"):
        envelope.unseal(sealed(party), party["others"], party["ours"].sign)


@pytest.mark.parametrize("other", [envelope.VERSION - 1, envelope.VERSION + 1])
def test_of_another_version(party: dict[str, keys.Keys], other: int) -> None:
    with pytest.raises(MessageError, match=f"of version {other}; this program speaks {envelope.VERSION}"):
        envelope.head_of(sealed(party, version=other))


def test_equal_content_is_never_the_same_twice(party: dict[str, keys.Keys]) -> None:
    assert sealed(party)[200:] != sealed(party)[200:]


def test_keys_are_their_owners_alone(tmp_path: Path) -> None:
    keys.make(tmp_path / "key")
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
