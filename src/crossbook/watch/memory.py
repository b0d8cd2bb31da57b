"""Asking the processor for memory before it is needed, in compiled loops that jump about in large arrays."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic


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
