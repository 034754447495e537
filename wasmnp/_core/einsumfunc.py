"""Einstein summation over several operands: the order in which to contract them, and its execution."""

from __future__ import annotations

import itertools
import math
import operator
import string
from collections.abc import Iterable
from typing import Any

from . import multiarray as _multiarray
from ._multiarray_umath import asanyarray
from ._products import tensordot
from .overrides import array_function_dispatch

__all__ = ["einsum", "einsum_path"]

_LETTERS = string.ascii_uppercase + string.ascii_lowercase  # in the order that implicit results are sorted in

Indices = frozenset[str]


def _interleaved(operands: list[Any]) -> tuple[str, list[Any]]:
    """Subscripts and arrays of ``einsum(a, [0, 1], b, [1, 2], [0, 2])``."""

    def letters(labels: Iterable[Any]) -> str:
        text = ""
        for label in labels:
            if label is Ellipsis:
                text += "..."
                continue
            try:
                text += _LETTERS[operator.index(label)]
            except TypeError as error:
                raise TypeError("For this input type lists must contain either int or Ellipsis") from error
        return text

    output = operands.pop() if len(operands) % 2 else None
    subscripts = ",".join(letters(labels) for labels in operands[1::2])
    if output is not None:
        subscripts += "->" + letters(output)
    return subscripts, [asanyarray(one) for one in operands[::2]]


def _parse_einsum_input(operands: Any) -> tuple[str, str, list[Any]]:
    """Subscripts of the inputs and of the output, all letters, and the operands as arrays."""
    if len(operands) == 0:
        raise ValueError("No input operands")
    if isinstance(operands[0], str):
        subscripts, arrays = operands[0].replace(" ", ""), [asanyarray(one) for one in operands[1:]]
        for symbol in subscripts:
            if symbol not in ".,->" and symbol not in _LETTERS:
                raise ValueError(f"Character {symbol} is not a valid symbol.")
    else:
        subscripts, arrays = _interleaved(list(operands))
    if ("-" in subscripts or ">" in subscripts) and (
        subscripts.count("-") > 1 or subscripts.count(">") > 1 or subscripts.count("->") != 1
    ):
        raise ValueError("Subscripts can only contain one '->'.")
    left, arrow, output = subscripts.partition("->")
    terms = left.split(",")
    if len(terms) != len(arrays):
        raise ValueError("Number of einsum subscripts must be equal to the number of operands.")
    terms, spread = _without_ellipses(terms, arrays, set(subscripts))
    if arrow:
        if "." in output and (output.count(".") != 3 or "..." not in output):
            raise ValueError("Invalid Ellipses.")
        output = output.replace("...", spread)
    else:
        used = "".join(terms)
        output = spread + "".join(one for one in sorted(set(used) - set(spread)) if used.count(one) == 1)
    for symbol in output:
        if output.count(symbol) != 1:
            raise ValueError(f"Output character {symbol} appeared more than once in the output.")
        if symbol not in "".join(terms):
            raise ValueError(f"Output character {symbol} did not appear in the input")
    return ",".join(terms), output, arrays


def _without_ellipses(terms: list[str], arrays: list[Any], used: set[str]) -> tuple[list[str], str]:
    """Terms with letters in place of ellipses, and the letters of the longest."""
    counts = []
    for term, array in zip(terms, arrays, strict=True):
        if "." not in term:
            counts.append(0)
            continue
        if term.count(".") != 3 or "..." not in term:
            raise ValueError("Invalid Ellipses.")
        counts.append(array.ndim - (len(term) - 3))
        if counts[-1] < 0:
            raise ValueError("Ellipses lengths do not match.")
    longest = max(counts)
    free = "".join(one for one in _LETTERS if one not in used)
    spread = free[len(free) - longest :]
    return [term.replace("...", spread[longest - count :]) for term, count in zip(terms, counts, strict=True)], spread


class _Contraction:
    """
    Operands as sets of indices, of which some are to be contracted.

    Parameters
    ----------
    output : frozenset of str
        The indices that are left in the end.
    sizes : dict of str to int
        Extents of the indices.
    """

    def __init__(self, output: Indices, sizes: dict[str, int]) -> None:
        self.output = output
        self.sizes = sizes

    def elements(self, indices: Iterable[str]) -> int:
        return math.prod(self.sizes[one] for one in indices)

    def cost(self, indices: Iterable[str], summed: Any, operands: int) -> int:
        """Operations of one product of several operands: multiplications, and an addition if indices are summed."""
        return self.elements(indices) * (max(1, operands - 1) + bool(summed))

    def contract(self, terms: list[Indices], places: tuple[int, ...]) -> tuple[list[Indices], Indices, int]:
        """The terms after a contraction, its result last; the indices that take part; and the cost."""
        chosen = frozenset().union(*(terms[place] for place in places))
        rest = [term for place, term in enumerate(terms) if place not in places]
        result = chosen & self.output.union(*rest)
        return [*rest, result], chosen, self.cost(chosen, chosen - result, len(places))


def _optimal_path(terms: list[Indices], work: _Contraction, memory: float) -> list[tuple[int, ...]]:
    """The cheapest order of pairs, of all there are."""
    best: list[tuple[int, list[tuple[int, ...]], list[Indices]]] = [(0, [], terms)]
    for step in range(len(terms) - 1):
        longer = []
        for cost, path, left in best:
            for pair in itertools.combinations(range(len(terms) - step), 2):
                after, _, more = work.contract(left, pair)
                if work.elements(after[-1]) <= memory:
                    longer.append((cost + more, [*path, pair], after))
        if not longer:  # nothing fits into the memory: what is left is done at once
            cheapest = min(best, key=lambda one: one[0])[1]
            return [*cheapest, tuple(range(len(terms) - step))]
        best = longer
    return min(best, key=lambda one: one[0])[1]


def _greedy_path(terms: list[Indices], work: _Contraction, memory: float) -> list[tuple[int, ...]]:
    """Pair after pair the one that removes most elements, the cheapest of these; outer products last."""
    if len(terms) < 3:
        return [tuple(range(len(terms)))]
    _, _, at_once = work.contract(terms, tuple(range(len(terms))))
    spent = 0
    path: list[tuple[int, ...]] = []
    # Pairs are told by the terms themselves, so that what is known of one holds as others are contracted.
    alive = list(range(len(terms)))
    by_name = dict(enumerate(terms))

    def rate(pair: tuple[int, int], paid: int) -> tuple[tuple[int, int], tuple[int, int]] | None:
        after, _, cost = work.contract([by_name[one] for one in alive], (alive.index(pair[0]), alive.index(pair[1])))
        size = work.elements(after[-1])
        if size > memory or paid + cost > at_once:
            return None
        removed = sum(work.elements(by_name[one]) for one in pair) - size
        return (-removed, cost), pair

    known: list[tuple[tuple[int, int], tuple[int, int]]] = []
    fresh: Iterable[tuple[int, int]] = itertools.combinations(alive, 2)
    for _ in range(len(terms) - 1):
        for pair in fresh:
            if not by_name[pair[0]].isdisjoint(by_name[pair[1]]):
                rated = rate(pair, spent)
                if rated is not None:
                    known.append(rated)
        if not known:
            known = [one for pair in itertools.combinations(alive, 2) if (one := rate(pair, spent)) is not None]
            if not known:
                path.append(tuple(range(len(alive))))
                break
        (_, cost), pair = min(known, key=lambda one: one[0])
        places = (alive.index(pair[0]), alive.index(pair[1]))
        after, _, _ = work.contract([by_name[one] for one in alive], places)
        path.append(places)
        spent += cost
        name = max(by_name) + 1
        alive = [one for one in alive if one not in pair]
        fresh = [(one, name) for one in alive]
        alive.append(name)
        by_name[name] = after[-1]
        known = [one for one in known if not set(one[1]) & set(pair)]
    return path


def _sizes(terms: list[str], arrays: list[Any]) -> tuple[dict[str, int], list[set[str]]]:
    """Extents of the indices, and for each operand the indices that are broadcast."""
    sizes: dict[str, int] = {}
    ones: list[set[str]] = []
    for number, (term, array) in enumerate(zip(terms, arrays, strict=True)):
        if len(array.shape) != len(term):
            raise ValueError(
                f"Einstein sum subscript {term} does not contain the correct number of indices for operand {number}."
            )
        ones.append({one for one, extent in zip(term, array.shape, strict=True) if extent == 1})
        for one, extent in zip(term, array.shape, strict=True):
            if sizes.get(one, 1) == 1:
                sizes[one] = extent
            elif extent not in (1, sizes[one]):
                raise ValueError(
                    f"Size of label '{one}' for operand {number} ({sizes[one]}) does not match previous terms "
                    f"({extent})."
                )
    return sizes, ones


def _strategy(optimize: Any) -> tuple[Any, float | None]:
    """A name of a strategy, False, or a path; and the limit of memory, if one was given."""
    if optimize is True:
        return "greedy", None
    if optimize is None or optimize is False or isinstance(optimize, str):
        return optimize or False, None
    if len(optimize) and optimize[0] == "einsum_path":
        return [tuple(one) for one in optimize[1:]], None
    if len(optimize) == 2 and isinstance(optimize[0], str) and isinstance(optimize[1], int | float):
        return optimize[0], int(optimize[1])
    raise TypeError(f"Did not understand the path: {optimize!s}")


def _plan(operands: Any, optimize: Any) -> tuple[list[Any], list[tuple[Any, ...]], list[tuple[int, ...]], str]:
    """Arrays; for each step places, subscripts and whether it is a product of matrices; the path; a table of it."""
    strategy, memory = _strategy(optimize)
    left, output, arrays = _parse_einsum_input(operands)
    names = left.split(",")
    sizes, ones = _sizes(names, arrays)
    work = _Contraction(frozenset(output), sizes)
    terms = [frozenset(one) for one in names]
    every = frozenset().union(*terms)
    limit = max(work.elements(one) for one in [*terms, work.output]) if memory is None else memory
    summed = sum(len(one) for one in terms) > len(every)
    naive = work.cost(every, summed, len(terms))
    if isinstance(strategy, list):
        path = strategy
    elif strategy is False or len(terms) < 3 or every == work.output:
        path = [tuple(range(len(terms)))]
    elif strategy == "greedy":
        path = _greedy_path(terms, work, limit)
    elif strategy == "optimal":
        path = _optimal_path(terms, work, limit)
    else:
        raise KeyError(f"Path name {strategy} not found")
    steps: list[tuple[Any, ...]] = []
    cost, widest, rows = 0, 0, []
    largest = [work.elements(output)]
    for number, places in enumerate(path):
        places = tuple(sorted(places, reverse=True))
        terms, chosen, more = work.contract(terms, places)
        taken = [names.pop(place) for place in places]
        broadcast = set().union(*(ones.pop(place) for place in places))
        last = number == len(path) - 1
        result = output if last else "".join(sorted(terms[-1], key=lambda one: (sizes[one], one)))
        matrices = len(taken) == 2 and not broadcast and _is_matrix_product(taken[0], taken[1], result)
        names.append(result)
        ones.append({one for one in result if sizes[one] == 1})
        subscripts = f"{','.join(taken)}->{result}"
        steps.append((places, subscripts, matrices))
        cost, widest = cost + more, max(widest, len(chosen))
        largest.append(work.elements(terms[-1]))
        rows.append(f"\n{len(chosen):4d}    {subscripts:>24} {','.join(names) + '->' + output:>40}")
    if len(names) != 1:
        raise RuntimeError(f"Invalid einsum_path is specified: {len(names) - 1} more operands has to be contracted.")
    cost += 1
    line = "-" * 74
    table = (
        f"  Complete contraction:  {left}->{output}\n"
        f"         Naive scaling:  {len(every)}\n"
        f"     Optimized scaling:  {widest}\n"
        f"      Naive FLOP count:  {naive:.3e}\n"
        f"  Optimized FLOP count:  {cost:.3e}\n"
        f"   Theoretical speedup:  {naive / cost:.3f}\n"
        f"  Largest intermediate:  {max(largest):.3e} elements\n"
        f"{line}\n{'scaling':>6} {'current':>24} {'remaining':>40}\n{line}{''.join(rows)}"
    )
    return arrays, steps, path, table


def _is_matrix_product(first: str, second: str, result: str) -> bool:
    """Whether each index is in one operand and the result, or summed in both; none twice."""
    if len(set(first)) != len(first) or len(set(second)) != len(second):
        return False
    shared = set(first) & set(second)
    return bool(shared) and shared.isdisjoint(result) and (set(first) | set(second)) - shared == set(result)


def _einsum_path_dispatcher(*operands, optimize=None, einsum_call=None):
    return operands


@array_function_dispatch(_einsum_path_dispatcher)
def einsum_path(*operands: Any, optimize: Any = "greedy", einsum_call: bool = False) -> tuple[Any, Any]:
    """
    An order in which `einsum` contracts its operands cheaply.

    Parameters
    ----------
    *operands
        As for `einsum`.
    optimize : {'greedy', 'optimal', True, False}, pair of name and limit, or path
        Whether to take the best pair each time or to try all orders; and how many elements a result in between may
        have.
    einsum_call : bool
        Return what `einsum` goes by instead.

    Returns
    -------
    path : list
        ``'einsum_path'``, then for each step the places of the operands, whose result comes last.
    table : str
        What the steps are and cost.

    Examples
    --------
    >>> import wasmnp as np
    >>> a, b, c = np.ones((2, 2)), np.ones((2, 5)), np.ones((5, 2))
    >>> np.einsum_path("ij,jk,kl->il", a, b, c)[0]
    ['einsum_path', (1, 2), (0, 1)]
    """
    arrays, steps, path, table = _plan(operands, optimize)
    return (arrays, steps) if einsum_call else (["einsum_path", *path], table)


def _einsum_dispatcher(*operands, out=None, optimize=None, **kwargs):
    yield from operands
    yield out


@array_function_dispatch(_einsum_dispatcher)
def einsum(*operands: Any, out: Any = None, optimize: Any = False, **kwargs: Any) -> Any:
    """
    Sums of products of operands, as subscripts say (Einstein's convention).

    Parameters
    ----------
    subscripts : str
        A letter for each axis, with commas between operands; after ``->`` those of the result. Letters that the result
        lacks are summed over; without ``->`` it has those that occur once, sorted. ``...`` stands for axes that are
        broadcast.
    *operands : array_like
        The operands; or, instead of subscripts, a list of integers behind each of them.
    out : ndarray, optional
        Where to put the result.
    dtype : dtype, optional
        The type to compute in.
    order : {'C', 'F', 'A', 'K'}
        Memory layout of the result.
    casting : {'no', 'equiv', 'safe', 'same_kind', 'unsafe'}
        What casts are allowed.
    optimize : {False, True, 'greedy', 'optimal'} or path
        Contract pair after pair, in the order of `einsum_path`.

    Returns
    -------
    ndarray or scalar

    Raises
    ------
    ValueError
        If subscripts and operands do not match.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.einsum("ij,j->i", [[1, 2], [3, 4]], [5, 6])
    array([17, 39])
    """
    if out is not None:
        kwargs["out"] = out
    if optimize is False:
        return _multiarray.c_einsum(*operands, **kwargs)
    unknown = [name for name in kwargs if name not in ("out", "dtype", "order", "casting")]
    if unknown:
        raise TypeError(f"Did not understand the following kwargs: {unknown}")
    arrays, steps, _, _ = _plan(operands, optimize)
    order = kwargs.pop("order", "K")
    if order.upper() == "A":
        order = "F" if all(one.flags.f_contiguous for one in arrays) else "C"
    for number, (places, subscripts, matrices) in enumerate(steps):
        taken = [arrays.pop(place) for place in places]
        options = {name: value for name, value in kwargs.items() if name != "out"}
        into = out if number == len(steps) - 1 else None
        if matrices and not options:
            result = _matrix_product(taken, subscripts)
            if into is not None:
                into[...] = result
        elif into is not None:
            result = _multiarray.c_einsum(subscripts, *taken, out=into, **options)
        else:
            result = _multiarray.c_einsum(subscripts, *taken, **options)
        arrays.append(result)
    if out is not None:
        return out
    return asanyarray(arrays[0], order=order)


def _matrix_product(taken: list[Any], subscripts: str) -> Any:
    left, _, result = subscripts.partition("->")
    first, second = left.split(",")
    shared = [one for one in first if one in second]
    product = tensordot(*taken, axes=([first.index(one) for one in shared], [second.index(one) for one in shared]))
    kept = "".join(one for one in first + second if one not in shared)
    return product if kept == result else product.transpose([kept.index(one) for one in result])
