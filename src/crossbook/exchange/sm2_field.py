"""Whole numbers modulo the prime of SM2's curve, and its points, compiled.

A number is four words of 64 bits, the lowest first, times 2^256 (Montgomery 1985); a point is three numbers (Jacobian:
x = X / Z², y = Y / Z³). No branch hangs on a number; which multiples of a point are looked up does hang on the factor.
Formulas: https://hyperelliptic.org/EFD/g1p/auto-shortw-jacobian-3.html (dbl-2001-b, add-1998-cmo-2).
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

Words = npt.NDArray[np.uint64]
Number = Any  # four words
Point = Any  # three numbers

PRIME = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
_B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93


def _words(number: int) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    one, two, three, four = (np.uint64(number >> 64 * k & (1 << 64) - 1) for k in range(4))
    return one, two, three, four


_P0, _P1, _P2, _P3 = _words(PRIME)
_ONE = _words((1 << 256) % PRIME)
_SQUARE = _words((1 << 512) % PRIME)
_CURVE_B = _words((_B << 256) % PRIME)
_ROOT = np.array([int(bit) for bit in f"{(PRIME + 1) // 4:b}"], np.uint8)  # the power that is a square root
_INVERSE = np.array([int(bit) for bit in f"{PRIME - 2:b}"], np.uint8)
_ZERO, _UNIT = np.uint64(0), np.uint64(1)


def _two_words(typing: Any, one: Any, two: Any, three: Any, four: Any) -> Any:
    """`_product(one, two, three, four)` in compiled code: one · two + three + four, its low word and its high one."""

    def made(context: Any, builder: Any, signature: Any, told: Any) -> Any:
        wide, word = ir.IntType(128), ir.IntType(64)
        a, b, c, d = (builder.zext(x, wide) for x in told)
        whole = builder.add(builder.add(builder.mul(a, b), c), d)
        high = builder.trunc(builder.lshr(whole, ir.Constant(wide, 64)), word)
        return context.make_tuple(builder, signature.return_type, (builder.trunc(whole, word), high))

    both: Any = types.UniTuple
    return both(types.uint64, 2)(one, two, three, four), made


_product: Any = intrinsic(_two_words)


@numba.njit(cache=True, nogil=True)
def _less_prime(a0: Any, a1: Any, a2: Any, a3: Any, more: Any) -> Number:  # pragma: no cover - compiled
    """A number below twice the prime, with a fifth word, below the prime."""
    d0 = a0 - _P0
    lent = np.uint64(a0 < _P0)
    d1 = a1 - _P1
    owed = np.uint64(a1 < _P1) | np.uint64(d1 < lent)
    d1 -= lent
    d2 = a2 - _P2
    lent = np.uint64(a2 < _P2) | np.uint64(d2 < owed)
    d2 -= owed
    d3 = a3 - _P3
    owed = np.uint64(a3 < _P3) | np.uint64(d3 < lent)
    d3 -= lent
    keep = _ZERO - (owed & (more ^ _UNIT))  # all ones where it was below already
    return a0 & keep | d0 & ~keep, a1 & keep | d1 & ~keep, a2 & keep | d2 & ~keep, a3 & keep | d3 & ~keep


@numba.njit(cache=True, nogil=True)
def _step(t0: Any, t1: Any, t2: Any, t3: Any, t4: Any, a: Number, b: Any) -> Any:  # pragma: no cover - compiled
    """Add a · b, and so many primes that the lowest word is 0, which falls away."""
    t0, c = _product(a[0], b, t0, _ZERO)
    t1, c = _product(a[1], b, t1, c)
    t2, c = _product(a[2], b, t2, c)
    t3, c = _product(a[3], b, t3, c)
    t4, t5 = _product(t4, _UNIT, c, _ZERO)
    times = t0  # the prime is -1 modulo 2^64
    _, c = _product(times, _P0, t0, _ZERO)
    t0, c = _product(times, _P1, t1, c)
    t1, c = _product(times, _P2, t2, c)
    t2, c = _product(times, _P3, t3, c)
    t3, c = _product(t4, _UNIT, c, _ZERO)
    return t0, t1, t2, t3, t5 + c


@numba.njit(cache=True, nogil=True)
def _mul(a: Number, b: Number) -> Number:  # pragma: no cover - compiled
    t0, t1, t2, t3, t4 = _step(_ZERO, _ZERO, _ZERO, _ZERO, _ZERO, a, b[0])
    t0, t1, t2, t3, t4 = _step(t0, t1, t2, t3, t4, a, b[1])
    t0, t1, t2, t3, t4 = _step(t0, t1, t2, t3, t4, a, b[2])
    t0, t1, t2, t3, t4 = _step(t0, t1, t2, t3, t4, a, b[3])
    return _less_prime(t0, t1, t2, t3, t4)


@numba.njit(cache=True, nogil=True)
def _add(a: Number, b: Number) -> Number:  # pragma: no cover - compiled
    s0, c = _product(a[0], _UNIT, b[0], _ZERO)
    s1, c = _product(a[1], _UNIT, b[1], c)
    s2, c = _product(a[2], _UNIT, b[2], c)
    s3, c = _product(a[3], _UNIT, b[3], c)
    return _less_prime(s0, s1, s2, s3, c)


@numba.njit(cache=True, nogil=True)
def _sub(a: Number, b: Number) -> Number:  # pragma: no cover - compiled
    """a + (prime - b), where b is below the prime."""
    n0, c = _product(~b[0], _UNIT, _P0, _UNIT)
    n1, c = _product(~b[1], _UNIT, _P1, c)
    n2, c = _product(~b[2], _UNIT, _P2, c)
    n3 = ~b[3] + _P3 + c
    return _add(a, (n0, n1, n2, n3))


@numba.njit(cache=True, nogil=True)
def _power(a: Number, bits: Any) -> Number:  # pragma: no cover - compiled
    made = a
    for bit in bits[1:]:
        made = _mul(made, made)
        if bit:
            made = _mul(made, a)
    return made


@numba.njit(cache=True, nogil=True)
def _double(x: Number, y: Number, z: Number) -> Point:  # pragma: no cover - compiled
    delta, gamma = _mul(z, z), _mul(y, y)
    beta = _mul(x, gamma)
    alpha = _mul(_sub(x, delta), _add(x, delta))
    alpha = _add(alpha, _add(alpha, alpha))
    four = _add(beta, beta)
    four = _add(four, four)
    x3 = _sub(_mul(alpha, alpha), _add(four, four))
    yz = _add(y, z)
    z3 = _sub(_sub(_mul(yz, yz), gamma), delta)
    eight = _mul(gamma, gamma)
    eight = _add(eight, eight)
    eight = _add(eight, eight)
    return x3, _sub(_mul(alpha, _sub(four, x3)), _add(eight, eight)), z3


@numba.njit(cache=True, nogil=True)
def _plus(
    x1: Number, y1: Number, z1: Number, x2: Number, y2: Number, z2: Number
) -> Point:  # pragma: no cover - compiled
    """The sum of two points, of which neither is 0 nor the other nor its opposite."""
    zz1, zz2 = _mul(z1, z1), _mul(z2, z2)
    u1, s1 = _mul(x1, zz2), _mul(y1, _mul(z2, zz2))
    h, r = _sub(_mul(x2, zz1), u1), _sub(_mul(y2, _mul(z1, zz1)), s1)
    hh = _mul(h, h)
    hhh, v = _mul(h, hh), _mul(u1, hh)
    x3 = _sub(_sub(_mul(r, r), hhh), _add(v, v))
    return x3, _sub(_mul(r, _sub(v, x3)), _mul(s1, hhh)), _mul(h, _mul(z1, z2))


@numba.njit(cache=True, nogil=True)
def _read(table: Words, row: int, at: int) -> Number:  # pragma: no cover - compiled
    return table[row, at], table[row, at + 1], table[row, at + 2], table[row, at + 3]


@numba.njit(cache=True, nogil=True)
def _write(table: Words, row: int, at: int, number: Number) -> None:  # pragma: no cover - compiled
    for k in range(4):
        table[row, at + k] = number[k]


@numba.njit(cache=True, nogil=True)
def points(first: Words, odd: Any, out: Words) -> Any:  # pragma: no cover - compiled
    """The points with these first coordinates (words, lowest first) whose second is odd or not: x and y into `out`; and
    which of them there are."""
    there = np.zeros(len(first), np.bool_)
    for row in range(len(first)):
        plain = _read(first, row, 0)
        if _less_prime(plain[0], plain[1], plain[2], plain[3], _ZERO) != plain:
            continue
        x = _mul(plain, _SQUARE)
        three = _add(x, _add(x, x))
        square = _add(_sub(_mul(_mul(x, x), x), three), _CURVE_B)
        y = _power(square, _ROOT)
        if _mul(y, y) != square:
            continue
        bare = _mul(y, (_UNIT, _ZERO, _ZERO, _ZERO))
        if bare[0] & _UNIT != np.uint64(odd[row]):
            y = _sub((_ZERO, _ZERO, _ZERO, _ZERO), y)
        _write(out, row, 0, x)
        _write(out, row, 4, y)
        there[row] = True
    return there


@numba.njit(cache=True, nogil=True)
def multiply(given: Words, digits: Any, out: Words) -> Any:  # pragma: no cover - compiled
    """Points of `points` times a factor of at least 1 and below the order, of which `digits` are the hexadecimal ones,
    the first not 0: first coordinates into `out` as words, and whether the second ones are odd."""
    count = len(given)
    table = np.empty((16, 12), np.uint64)
    made = np.empty((count, 12), np.uint64)
    before = np.empty((count, 4), np.uint64)  # the product of all z up to here
    product = _ONE
    for row in range(count):
        x1, y1 = _read(given, row, 0), _read(given, row, 4)
        x, y, z = x1, y1, _ONE
        for k in range(1, 16):
            if k == 2:
                x, y, z = _double(x1, y1, _ONE)
            elif k > 2:
                x, y, z = _plus(x, y, z, x1, y1, _ONE)
            _write(table, k, 0, x)
            _write(table, k, 4, y)
            _write(table, k, 8, z)
        d = digits[0]
        x, y, z = _read(table, d, 0), _read(table, d, 4), _read(table, d, 8)
        for d in digits[1:]:
            for _ in range(4):
                x, y, z = _double(x, y, z)
            if d:
                x, y, z = _plus(x, y, z, _read(table, d, 0), _read(table, d, 4), _read(table, d, 8))
        _write(made, row, 0, x)
        _write(made, row, 4, y)
        _write(made, row, 8, z)
        _write(before, row, 0, product)
        product = _mul(product, z)
    left = _power(product, _INVERSE)
    odd = np.zeros(count, np.uint8)
    one = (_UNIT, _ZERO, _ZERO, _ZERO)
    for row in range(count - 1, -1, -1):
        over = _mul(left, _read(before, row, 0))
        left = _mul(left, _read(made, row, 8))
        square = _mul(over, over)
        _write(out, row, 0, _mul(_mul(_read(made, row, 0), square), one))
        y = _mul(_mul(_read(made, row, 4), _mul(square, over)), one)
        odd[row] = np.uint8(y[0] & _UNIT)
    return odd
