"""Memory of compiled loops: asked for before it is needed in large arrays, and tables that grow."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

Whole = npt.NDArray[np.int64]


def _ask_for(typing: Any, array: Any, index: Any) -> Any:
    """`ask_for(array, index)` in compiled code: have the line of memory with `array[index]` brought near.

    The array has one column. Nothing waits for it and nothing is read; the index is not checked.
    """

    def made(context: Any, builder: Any, signature: Any, told: Any) -> Any:
        pointer = cgutils.create_struct_proxy(signature.args[0])(  # type: ignore[no-untyped-call]
            context, builder, told[0]
        )
        stride = cgutils.unpack_tuple(builder, pointer.strides)[0]  # type: ignore[no-untyped-call]
        offset = builder.mul(context.cast(builder, told[1], index, types.intp), stride)
        byte = ir.IntType(8).as_pointer()
        place = builder.gep(builder.bitcast(pointer.data, byte), [offset])
        word = ir.IntType(32)
        of = ir.FunctionType(ir.VoidType(), [byte, word, word, word])
        known = cgutils.get_or_insert_function(builder.module, of, "llvm.prefetch.p0i8")  # type: ignore[no-untyped-call]
        builder.call(known, [place, word(0), word(3), word(1)])  # to read, near, data
        return context.get_dummy_value()

    return types.void(array, index), made


ask_for: Any = intrinsic(_ask_for)


@numba.njit(cache=True)
def with_room(table: Whole, used: int) -> Whole:  # pragma: no cover - compiled
    """`table`, of which so many rows are used, or one twice as long with these where there is no further row."""
    if used < table.shape[0]:
        return table
    larger = np.empty((2 * table.shape[0] + 16, table.shape[1]), np.int64)
    larger[:used] = table[:used]
    return larger


@numba.njit(cache=True)
def with_row(table: Whole, used: int, one: int, two: int, three: int) -> Whole:  # pragma: no cover - compiled
    """`table` of three columns, of which so many rows are used, with one more row."""
    table = with_room(table, used)
    table[used, 0], table[used, 1], table[used, 2] = one, two, three
    return table
