"""Reductions of objects start from their first elements, whatever axes they go along."""

from __future__ import annotations

import pytest

from .differential import same


@pytest.mark.parametrize("axis", [None, 0, 1, 2, (0, 1), (0, 2), (1, 2), (0, 1, 2), -1])
@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("shape", [(2, 3, 4), (2, 1, 1), (1, 2, 1), (1, 1, 1), (2, 0, 3), (3, 2, 1)])
def test_sums_and_products(shape, axis, keepdims):
    def body(xp):
        a = xp.arange(1, 1 + shape[0] * shape[1] * shape[2]).astype(object).reshape(shape)
        return [a.sum(axis=axis, keepdims=keepdims), xp.multiply.reduce(a, axis=axis, keepdims=keepdims)]

    same(body)


def test_order_of_text():
    same(lambda xp: xp.array([["a", "b"], ["c", "d"]], dtype=object).sum())
    same(lambda xp: xp.array([["a", "b"], ["c", "d"]], dtype=object).T.sum(axis=0).tolist())
