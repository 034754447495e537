"""Functions that do what methods of arrays do."""

from __future__ import annotations

import pytest

import wasmnp

from .differential import DTYPES, LAYOUTS, same, values

REDUCTIONS = ["sum", "prod", "max", "min", "amax", "amin", "mean", "any", "all"]


def matrix(xp, dtype, layout="contiguous"):
    return LAYOUTS[layout](xp.array([3, 1, 2, 1, 1, 2, 0, 1, 1, 2, 1, 1], dtype=dtype).reshape(3, 4))


# Sums of unsigned integers need dtype= here; means of complex64 and of nothing are the method's to answer for.
CASES = [
    (name, dtype, layout)
    for name in REDUCTIONS
    for dtype in DTYPES
    for layout in LAYOUTS
    if dtype[0] != "u" and (name != "mean" or (dtype != "c8" and layout != "empty"))
]


@pytest.mark.parametrize(("name", "dtype", "layout"), CASES)
def test_reductions(name, dtype, layout):
    same(lambda xp: getattr(xp, name)(matrix(xp, dtype, layout)))
    same(lambda xp: getattr(xp, name)(matrix(xp, dtype, layout), axis=0))
    same(lambda xp: getattr(xp, name)(matrix(xp, dtype, layout), (0, -1), keepdims=True))


@pytest.mark.parametrize("name", REDUCTIONS)
def test_reductions_of_lists_and_special_values(name):
    same(lambda xp: getattr(xp, name)([[1, 2], [3, 0]], 1))
    same(lambda xp: getattr(xp, name)(2.5))
    same(lambda xp: getattr(xp, name)(values(xp, "f8", (3, 9)), 1))
    same(lambda xp: getattr(xp, name)([[1.0]], axis=2))


@pytest.mark.parametrize("name", REDUCTIONS)
def test_out_and_initial(name):
    def into(xp):
        out = xp.zeros(4, dtype="?" if name in ("any", "all") else "f8")
        result = getattr(xp, name)(matrix(xp, "f8"), axis=0, out=out)
        return result is out, out

    same(into)
    if name not in ("mean", "any", "all"):
        same(lambda xp: getattr(xp, name)(matrix(xp, "f8"), axis=1, initial=2.0))


@pytest.mark.parametrize("name", ["sum", "prod", "mean"])
def test_dtype_of_the_computation(name):
    same(lambda xp: getattr(xp, name)(matrix(xp, "i4"), dtype="f4"))
    same(lambda xp: getattr(xp, name)(matrix(xp, "f4"), axis=1, dtype="f8"))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_shapes(layout):
    same(lambda xp: xp.reshape(matrix(xp, "i4", layout), -1))
    same(lambda xp: xp.reshape(matrix(xp, "i4", layout), (-1,), order="F"))
    same(lambda xp: xp.reshape(matrix(xp, "i4", layout), (5, 5)))
    same(lambda xp: xp.ravel(matrix(xp, "i4", layout)))
    same(lambda xp: xp.ravel(matrix(xp, "i4", layout), order="F"))
    same(lambda xp: xp.transpose(matrix(xp, "i4", layout)))
    same(lambda xp: xp.transpose(matrix(xp, "i4", layout), (0, 1)))
    same(lambda xp: xp.squeeze(matrix(xp, "i4", layout).reshape(1, -1, 1)))
    same(lambda xp: xp.squeeze(matrix(xp, "i4", layout)[:, None, :], axis=1))
    same(lambda xp: xp.squeeze(matrix(xp, "i4", layout)[None, :, None], axis=(0, -2)))


def test_shapes_of_lists_and_errors():
    same(lambda xp: xp.reshape([1, 2, 3, 4], (2, 2)))
    same(lambda xp: xp.ravel([[1], [2]]))
    same(lambda xp: xp.transpose([[1, 2]]))
    same(lambda xp: xp.squeeze([[1, 2]]))
    same(lambda xp: xp.squeeze([[1, 2]], axis=1))
    same(lambda xp: xp.squeeze([[1, 2]], axis=2))
    same(lambda xp: xp.reshape(xp.arange(6).reshape(2, 3).T, 6, copy=False))
    same(lambda xp: xp.reshape(xp.arange(6), (2, 3), copy=True).base is None)


@pytest.mark.parametrize("name", [*REDUCTIONS, "reshape", "ravel", "transpose", "squeeze"])
def test_other_arrays_are_asked(name):
    class Asked:
        def __array_function__(self, func, types, args, kwargs):
            return func.__name__, args[1:], kwargs

    arguments = [(2, 3)] if name == "reshape" else []
    assert getattr(wasmnp, name)(Asked(), *arguments) == (name, tuple(arguments), {})


@pytest.mark.parametrize("name", ["any", "all", "prod"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_methods(name, layout):
    for dtype in DTYPES:
        if name == "prod" and dtype[0] == "u":
            continue
        same(lambda xp, dtype=dtype: getattr(matrix(xp, dtype, layout), name)())
        same(lambda xp, dtype=dtype: getattr(matrix(xp, dtype, layout), name)(0))
        same(lambda xp, dtype=dtype: getattr(matrix(xp, dtype, layout), name)(axis=(0, 1), keepdims=True))
    same(lambda xp: getattr(matrix(xp, "f8", layout), name)(axis=2))
    same(lambda xp: getattr(matrix(xp, "f8", layout), name)(wrong=2))


@pytest.mark.parametrize("name", ["any", "all"])
def test_truth_of_special_values_subclasses_and_out(name):
    same(lambda xp: getattr(values(xp, "f8", (3, 9)), name)(1))
    same(lambda xp: getattr(xp.array(0.0), name)())
    same(lambda xp: getattr(xp.zeros((2, 0)), name)(axis=1))

    def of_subclass(xp):
        model = matrix(xp, "f8").view(type("Sub", (xp.ndarray,), {}))
        return type(getattr(model, name)()).__name__, getattr(model, name)(0)

    same(of_subclass)

    def into(xp):
        out = xp.zeros(4, "?")
        return getattr(matrix(xp, "f8"), name)(0, out=out) is out, out

    same(into)
