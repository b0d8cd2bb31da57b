"""The SQL of desks, as DuckDB takes it, in the words of Spark (sqlglot translates what the two merely spell otherwise).

What they mean otherwise is put right here, so that both give the same answers: a list keeps its order and its NULLs and
is NULL where it has no rows, `max_by` and `any_value` pass over NULLs, a text of parts takes numbers.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import ClassVar

from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.dialects.spark import Spark
from sqlglot.generators.spark import SparkGenerator
from sqlglot.parsers.duckdb import DuckDBParser
from sqlglot.transforms import eliminate_qualify

_WIDE = (exp.DataType.Type.INT128, exp.DataType.Type.UINT128)


class _Parser(DuckDBParser):
    FUNCTIONS: ClassVar = {
        **DuckDBParser.FUNCTIONS,
        "LEN": exp.ArraySize.from_arg_list,
        "TIMEZONE": lambda args: exp.AtTimeZone(this=args[1], zone=args[0]),
    }


class _Set(exp.Expression):
    """A SELECT some of whose columns take the place of others: `sets` is which of which."""

    arg_types: ClassVar = {"this": True, "sets": True}


class _Generator(SparkGenerator):
    EXPRESSIONS_WITHOUT_NESTED_CTES: ClassVar = set()  # Spark reads a WITH where it stands
    TRANSFORMS: ClassVar = {**SparkGenerator.TRANSFORMS, _Set: lambda self, node: _set(self.sql(node, "this"), node)}


class Desk(DuckDB):
    """DuckDB's SQL as desks write it: `len` is of lists, `length` of texts."""

    Parser = _Parser


class Target(Spark):
    """Spark's SQL, with each WITH where it stands."""

    Generator = _Generator


@lru_cache(maxsize=1024)
def named(sql: str) -> tuple[frozenset[str], frozenset[str] | None]:
    """The tables that a SELECT names, and all words that may be columns of theirs: None where it takes all columns."""
    (tree,) = Desk().parse(sql)
    if tree is None:
        raise ValueError("no SELECT")
    tables = frozenset(table.name for table in tree.find_all(exp.Table))
    if any(not isinstance(star.parent, exp.Count) for star in tree.find_all(exp.Star)):
        return tables, None
    return tables, frozenset(word.name for word in tree.find_all(exp.Identifier))


def spark_sql(sql: str) -> str:
    """One SELECT for Spark; parameters `$name` become `:name`."""
    (tree,) = Desk().parse(sql)
    if tree is None:
        raise ValueError("no SELECT")
    for node in reversed(list(tree.walk(bfs=False))):  # what is within before what it is in
        key, parent, index = node.arg_key, node.parent, node.index
        new = _in_spark(node)
        if new is node:
            continue
        if parent is None or key is None:
            tree = new
        else:
            parent.set(key, new, index)
    return tree.sql(dialect=Target)


def _in_spark(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.DataType) and node.this in _WIDE:
        return exp.DataType.build("DECIMAL(38, 0)", dialect="spark")
    if isinstance(node, exp.Select):
        _keeps_its_order(node)
        sets = _sets(node)
        select = _qualified(node)
        return _Set(this=select.copy(), sets=sets) if sets else select
    if isinstance(node, exp.RegexpFullMatch | exp.SimilarTo):
        return exp.RegexpLike(this=node.this.copy(), expression=_whole(node.expression))
    if isinstance(node, exp.RegexpReplace):
        return _regexp_replaced(node)
    if isinstance(node, exp.Concat):
        node.set("expressions", [_text(e) for e in node.expressions])
    if isinstance(node, exp.ArrayAgg) and not isinstance(node.parent, exp.Filter | exp.Window):
        return _list(node)
    if isinstance(node, exp.Window) and isinstance(node.this, exp.ArrayAgg):
        return _list(node.this, over=node)
    if isinstance(node, exp.Filter):
        return _filtered(node)
    if isinstance(node, exp.ArgMax | exp.ArgMin) and not isinstance(node.parent, exp.Filter):
        return exp.Filter(this=node.copy(), expression=exp.Where(this=_known(node.this)))
    if isinstance(node, exp.AnyValue | exp.First) and not isinstance(node.parent, exp.IgnoreNulls):
        return exp.IgnoreNulls(this=node.copy())
    if isinstance(node, exp.PercentileCont):
        return exp.Anonymous(this="percentile", expressions=[node.this.copy(), node.expression.copy()])
    if isinstance(node, exp.Anonymous) and node.name.lower() == "hash":
        node.set("this", "xxhash64")  # Spark's own has 32 bits: of a million rows some are always alike
    if isinstance(node, exp.ToDays):
        return exp.Anonymous(this="make_dt_interval", expressions=[node.this.copy()])
    if isinstance(node, exp.CTE):
        node.set("materialized", None)
    if isinstance(node, exp.Window) and isinstance(node.this, exp.Count) and isinstance(node.this.this, exp.Distinct):
        taken = exp.Anonymous(this="collect_set", expressions=[e.copy() for e in node.this.this.expressions])
        window = node.copy()
        window.set("this", taken)
        return exp.Anonymous(this="size", expressions=[window])
    if isinstance(node, exp.Bracket) and len(node.expressions) == 1 and isinstance(node.expressions[0], exp.Literal):
        return exp.Anonymous(this="get", expressions=[node.this.copy(), node.expressions[0].copy()])
    return node


def _regexp_replaced(node: exp.RegexpReplace) -> exp.Expr:
    """A replacement by a regular expression, whose pattern and replacement are literals: Spark takes no flags, replaces
    each place, and writes groups as $1."""
    pattern, by = node.expression.this, node.args["replacement"].this
    flags = modifiers.this if (modifiers := node.args.get("modifiers")) else ""
    if unknown := set(flags) - {"g", "i"}:
        raise ValueError(f"flags of regexp_replace that are not known here: {unknown}")
    pieces = re.split(r"\\([0-9])", by)
    texts, numbers = [re.sub(r"\\\\|[$]", r"\\\g<0>", text) for text in pieces[::2]], list(map(int, pieces[1::2]))
    if "g" not in flags:  # the first place alone: with all before it as a group of its own
        if 0 in numbers:
            raise ValueError("a replacement of the first place by all of it")
        pattern, numbers, texts[0] = f"^([\\s\\S]*?)(?:{pattern})", [n + 1 for n in numbers], f"$1{texts[0]}"
    told = texts[0] + "".join(f"${n}{text}" for n, text in zip(numbers, texts[1:], strict=True))
    pattern = f"(?iu){pattern}" if "i" in flags else pattern
    parts = [node.this.copy(), exp.Literal.string(pattern), exp.Literal.string(told)]
    return exp.Anonymous(this="regexp_replace", expressions=parts)


def _whole(pattern: exp.Expr) -> exp.Expr:
    """A regular expression that the whole of a text must match."""
    if isinstance(pattern, exp.Literal):
        return exp.Literal.string(f"^(?:{pattern.this})$")
    return exp.Concat(expressions=[exp.Literal.string("^(?:"), pattern.copy(), exp.Literal.string(")$")])


def _text(part: exp.Expr) -> exp.Expr:
    """A part of a text as text: Spark does not take a number for one."""
    return part if isinstance(part, exp.Literal) and part.is_string else exp.cast(part.copy(), "TEXT")


def _qualified(select: exp.Select) -> exp.Expr:
    """QUALIFY as a condition on a SELECT around it, whose `*` leaves out what the condition needed."""
    if not select.args.get("qualify"):
        return select
    around = eliminate_qualify(select.copy())
    within = around.args["from_"].this.this
    needed = [e.args["alias"].copy() for e in within.expressions if e.alias.startswith("_w")]
    for shown in around.expressions:
        star = shown.this if isinstance(shown, exp.Column) else shown
        if isinstance(star, exp.Star):
            star.set("except_", needed)
    return around


def _known(value: exp.Expr) -> exp.Expr:
    return exp.Not(this=exp.Is(this=value.copy(), expression=exp.Null()))


def _filtered(node: exp.Filter) -> exp.Expr:
    """An aggregate of some rows: a condition without WHERE gets one; one of `max_by` passes over NULLs as well."""
    if not isinstance(node.expression, exp.Where):
        node.set("expression", exp.Where(this=node.expression))
    if isinstance(node.this, exp.ArgMax | exp.ArgMin):
        where = node.expression
        where.set("this", exp.and_(exp.paren(where.this), _known(node.this.this)))
    if isinstance(node.this, exp.ArrayAgg):
        listed = node.this
        listed.set("only", None)
        return _list(listed, node.expression)
    return node


def _list(node: exp.ArrayAgg, where: exp.Where | None = None, over: exp.Window | None = None) -> exp.Expr:
    """A list of rows: with its NULLs, in its order, and NULL where it has none; or of those in a window over each."""
    value, distinct, orders = node.this, False, []
    if isinstance(value, exp.Order):
        orders, value = value.expressions, value.this
    if isinstance(value, exp.Distinct):
        distinct, (value, *_) = True, value.expressions
    if isinstance(value, exp.Order):
        orders, value = value.expressions, value.this
    keys = [(o.this, bool(o.args.get("desc")), bool(o.args.get("nulls_first"))) for o in orders]
    fields = [exp.Alias(this=value.copy(), alias=exp.to_identifier("v"))]
    fields += [exp.Alias(this=k.copy(), alias=exp.to_identifier(f"k{i}")) for i, (k, _, _) in enumerate(keys)]
    of_row = exp.func("struct", *fields)
    row = exp.Distinct(expressions=[of_row]) if distinct else of_row
    taken: exp.Expr = exp.Anonymous(this="collect_list", expressions=[row])
    if where is not None:
        taken = exp.Filter(this=taken, expression=where)
    if over is not None:
        listed, taken = taken, over.copy()
        taken.set("this", listed)
    taken = exp.func("nullif", taken, exp.Anonymous(this="array", expressions=[]))
    if keys:
        taken = exp.Anonymous(this="array_sort", expressions=[taken, _comparing(keys)])
    of = exp.Lambda(
        this=exp.Dot(this=exp.to_identifier("x"), expression=exp.to_identifier("v")),
        expressions=[exp.to_identifier("x")],
    )
    return exp.Anonymous(this="transform", expressions=[taken, of])


def _comparing(keys: list[tuple[exp.Expr, bool, bool]]) -> exp.Lambda:
    """How two rows of a list compare: -1, 0 or 1, NULLs last as DuckDB has them."""
    whens = []
    for i, (_, down, first) in enumerate(keys):
        left, right = (exp.Dot(this=exp.to_identifier(side), expression=exp.to_identifier(f"k{i}")) for side in "lr")
        null = exp.Null()
        less, more = (1, -1) if down else (-1, 1)
        before, after = (-1, 1) if first else (1, -1)
        is_left, is_right = exp.Is(this=left, expression=null), exp.Is(this=right, expression=null)
        for test, answer in (
            (exp.and_(is_left, exp.Not(this=is_right)), before),
            (exp.and_(exp.Not(this=is_left), is_right), after),
            (exp.LT(this=left, expression=right), less),
            (exp.GT(this=left, expression=right), more),
        ):
            whens.append(exp.If(this=test.copy(), true=exp.Literal.number(answer)))
    case = exp.Case(ifs=whens, default=exp.Literal.number(0))
    return exp.Lambda(this=case, expressions=[exp.to_identifier("l"), exp.to_identifier("r")])


def _keeps_its_order(select: exp.Select) -> None:
    """Refuse a SELECT of a UNION whose `*` is of a join by USING: Spark puts the joined columns before all others."""
    if not isinstance(select.parent, exp.SetOperation):
        return
    if any(join.args.get("using") for join in select.args.get("joins") or ()) and select.is_star:
        raise ValueError("a `*` of a join by USING where columns meet by their order: write ON")


def _sets(select: exp.Select) -> dict[str, str]:
    """`* REPLACE (x AS a)` as `*, x AS _set_0`, and `_set_0` for `a`: it is set in its place by a pipe, so that a UNION
    of such SELECTs meets the same columns."""
    sets: dict[str, str] = {}
    for shown in list(select.expressions):
        star = shown if isinstance(shown, exp.Star) else shown.this if isinstance(shown, exp.Column) else None
        if isinstance(star, exp.Star) and (others := star.args.get("replace")):
            star.set("replace", None)
            for other in others:
                sets[other.alias] = f"_set_{len(sets)}"
                select.append("expressions", exp.alias_(other.this.copy(), sets[other.alias]))
    return sets


def _set(within: str, node: _Set) -> str:
    sets = node.args["sets"]
    told = ", ".join(f"`{name}` = `{by}`" for name, by in sets.items())
    return f"(SELECT * FROM ({within}) |> SET {told} |> DROP {', '.join(f'`{by}`' for by in sets.values())})"
