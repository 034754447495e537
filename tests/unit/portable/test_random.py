"""Random numbers have NumPy's types where `long` and `intp` have 32 bits as well."""

import pytest

import wasmnp as np


@pytest.mark.parametrize("replace", [True, False])
@pytest.mark.parametrize("p", [None, [0.1, 0.2, 0.7]])
def test_choices_are_of_the_type_that_numpy_says(replace, p):
    assert np.random.default_rng(0).choice(3, 2, replace=replace, p=p).dtype == np.int64
    assert np.random.RandomState(0).choice(3, 2, replace=replace, p=p).dtype == np.dtype("l")


def test_orders_are_of_the_type_that_numpy_says():
    assert np.random.default_rng(0).permutation(5).dtype == np.intp
    assert np.random.RandomState(0).permutation(5).dtype == np.dtype("l")
