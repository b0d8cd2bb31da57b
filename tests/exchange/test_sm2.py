"""Points of the curve of SM2, against the examples of the standard."""

from __future__ import annotations

import pytest

from crossbook.exchange import meeting, sm2

pytestmark = pytest.mark.skipif(not sm2.there(), reason="no OpenSSL with the curve of SM2")

# GB/T 32918.5-2017 (GM/T 0003.5-2012): the curve's base point, the private key of the examples, the random number of
# the example of encryption, and the points that they make.
KEY = "3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8"
NUMBER = "59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21"
BASE = (
    "32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7",
    "BC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0",
)
KEY_BASE = (
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020",
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13",
)
NUMBER_BASE = (
    "04EBFC718E8D1798620432268E77FEB6415E2EDE0E073C0F4F640ECD2E149A73",
    "E858F9D81E5430A57B36DAAB8F950A3C64E6EE6A63094D99283AFF767E124DF0",
)
BOTH_BASE = (
    "335E18D751E51F040E27D468138B7AB1DC86AD7F981D7D416222FD6AB3ED230D",
    "AB743EBCFB22D64F7B6AB791F70658F25B48FA93E54064FDBFBED3F0BD847AC9",
)


def compressed(point: tuple[str, str]) -> bytes:
    x, y = (bytes.fromhex(text) for text in point)
    return bytes([2 + y[-1] % 2]) + x


@pytest.mark.parametrize(
    ("number", "point", "made"),
    [(KEY, BASE, KEY_BASE), (NUMBER, BASE, NUMBER_BASE), (NUMBER, KEY_BASE, BOTH_BASE), (KEY, NUMBER_BASE, BOTH_BASE)],
)
def test_multiples_are_those_of_the_standard(number: str, point: tuple[str, str], made: tuple[str, str]) -> None:
    assert sm2.multiples(bytes.fromhex(number), [compressed(point)]) == [compressed(made)]


@pytest.mark.parametrize(
    "point",
    [
        b"",
        bytes(33),
        b"\x02" + b"\xff" * 32,
        b"\x04" + compressed(BASE)[1:],
        compressed(BASE)[:-1],
        b"\x02" + bytes(31) + b"\x04",
    ],
)
def test_what_is_no_point(point: bytes) -> None:
    with pytest.raises(ValueError, match="no point"):
        sm2.multiples(sm2.secret(), [point])


def test_a_text_has_one_point_and_another_has_another() -> None:
    one = (1).to_bytes(32, "big")
    digests = [bytes([n]) * 64 for n in range(40)]
    points = sm2.multiples_of_hashes(one, digests)
    assert sm2.multiples(one, points) == points, "all are points of the curve"
    assert sm2.multiples_of_hashes(one, digests) == points
    assert len(set(points)) == len(points)


def test_sets_meet_in_what_both_have() -> None:
    group, salt = meeting.SM2, b"a session"
    first, second = group.secret(), group.secret()
    mine, theirs = ["a", "b", "c"], ["c", "x", "a"]
    once = meeting.blind(mine, first, salt, group), meeting.blind(theirs, second, salt, group)
    twice = meeting.again(once[0], second, group), meeting.again(once[1], first, group)
    assert {mine[k] for k in meeting.met(*twice, group)} == {"a", "c"}
    assert [mine[k] for k in meeting.met(*twice, group)] == [theirs[k] for k in meeting.met(*twice[::-1], group)]
