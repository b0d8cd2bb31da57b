"""Sharing out sums in whole minor units: nothing is left over and nothing is made."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
_SAFE = 1 << 62  # products below it are exact in 64 bits


def shares_of(total: int, weights: Ints) -> Ints:
    """`total` minor units shared in proportion to `weights`: the units left over go to the largest remainders."""
    if not len(weights):
        return np.zeros(0, np.int64)
    whole = max(int(weights.sum()), 1)
    share, rest = divided(weights, np.full(len(weights), total), np.full(len(weights), whole))
    if over := total - int(share.sum()):
        edge = np.partition(rest, len(rest) - over)[len(rest) - over]
        share[rest > edge] += 1
        share[np.flatnonzero(rest == edge)[: over - int((rest > edge).sum())]] += 1
    return share


def distinct(values: Ints) -> Ints:
    """Each of some numbers once, in order (by sorting, which is faster than what numpy does)."""
    values = np.sort(values.astype(np.int64))
    first = np.ones(len(values), bool)
    first[1:] = values[1:] != values[:-1]
    return values[first]


def grouped_shares(weights: Ints, group: Ints, totals: Ints) -> Ints:
    """The same for many sums at once: `group` is the sum (an index into `totals`) that each weight has a share in.

    Of equal remainders the first is served first. Weights are not below zero; those of a group are not all zero unless
    its total is.
    """
    if not len(weights):
        return np.zeros(0, np.int64)
    whole = np.zeros(len(totals), np.int64)
    np.add.at(whole, group, weights)
    share, rest = divided(weights, totals[group], np.maximum(whole, 1)[group])
    given = np.zeros(len(totals), np.int64)
    np.add.at(given, group, share)
    over = totals - given
    order = np.lexsort((np.arange(len(weights)), -rest, group))
    sorted_groups = group[order]
    first = np.searchsorted(sorted_groups, sorted_groups, "left")
    rank = np.arange(len(weights)) - first
    share[order[rank < over[sorted_groups]]] += 1
    return share


def divided(a: Ints, b: Ints, by: Ints) -> tuple[Ints, Ints]:
    """a * b // by, and the remainder as a number that orders as the fraction does; exact for whatever fits in 64
    bits."""
    if not len(a) or int(np.abs(a).max()) * max(1, int(np.abs(b).max())) < _SAFE:
        product = a * b
        quotient = product // by
        return quotient, product - quotient * by
    product = a.astype(object) * b.astype(object)
    quotient = product // by.astype(object)
    rest = product - quotient * by.astype(object)
    return quotient.astype(np.int64), rest.astype(np.int64)
