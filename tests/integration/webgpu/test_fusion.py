"""What becomes one kernel: counts of dispatches, bytes and pipelines."""

from __future__ import annotations

import numpy
import pytest
from wasmnp.webgpu.device import current_device

import wasmnp as np


def on_device(*shape: int, dtype: str = "f4", seed: int = 0):
    """Random numbers on the device, and the same on the host."""
    numbers = numpy.random.default_rng(seed).random(shape)
    array = (numbers * 8 - 4).astype(dtype) if dtype != "?" else numbers < 0.5
    return np.webgpu.asarray(np.array(array)), array


def dispatches(*arrays) -> int:
    return np.webgpu.explain(*arrays).dispatches


def softmax(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def test_mean_of_squares_takes_one_or_two():
    for shape in ((7,), (300, 400), (1000, 1000), (3, 200_000)):
        x, y = on_device(*shape)[0], on_device(*shape, seed=1)[0]
        assert dispatches(np.mean((x - y) ** 2)) <= 2
        for axis in range(len(shape)):
            assert dispatches(np.mean((x - y) ** 2, axis=axis)) <= 2


def test_softmax_takes_three():
    for shape in ((5, 7), (64, 1000), (1000, 64)):
        x, _ = on_device(*shape)
        assert dispatches(softmax(x)) <= 3


def test_handles_do_not_split_softmax():
    x, _ = on_device(64, 100)
    m = x.max(axis=1, keepdims=True)
    e = np.exp(x - m)
    s = e.sum(axis=1, keepdims=True)
    assert dispatches(e / s) <= 3


def test_twenty_operations_take_one():
    x, host = on_device(50, 60)
    y, other = on_device(60, seed=2)
    result, expected = x, host
    for step in range(20):
        if step % 4 == 0:
            result, expected = result * 0.5 + y, expected * numpy.float32(0.5) + other
        elif step % 4 == 1:
            result, expected = np.maximum(result, -1), numpy.maximum(expected, numpy.float32(-1))
        else:
            result, expected = abs(result - 0.25), abs(expected - numpy.float32(0.25))
    explained = np.webgpu.explain(result)
    assert explained.dispatches == len(explained.wgsl) == 1
    assert explained.bytes_moved == 4 * (50 * 60 * 2 + 60)
    numpy.testing.assert_allclose(numpy.array(result.tolist()), expected, rtol=1e-5, atol=1e-6)


def test_what_is_used_twice_is_computed_once():
    x, _ = on_device(100)
    y = x + 1
    z = y * y + y
    for _ in range(5):
        z = z * 0.5 + np.minimum(z, y)
    assert dispatches(z) == 1
    assert np.webgpu.explain(z).bytes_moved == 800


def test_products_take_their_tails():
    x, w, b = on_device(40, 30)[0], on_device(30, 50)[0], on_device(50)[0]
    assert dispatches(np.maximum(x @ w + b, 0)) == 1
    assert dispatches(np.maximum(x @ w + b, 0) @ w.T) == 2
    assert dispatches(x.T @ x) == 1
    assert dispatches((x @ w).sum(axis=0)) == 2


def test_reductions_take_what_is_around_them():
    x, y = on_device(40, 30)[0], on_device(30)[0]
    assert dispatches(np.exp((x * y).sum(axis=1) * 2) + 1) == 1
    assert dispatches((x.sum(axis=0) + y) * y) == 1
    assert dispatches((x - x.mean(axis=0)).max()) == 2


def test_explain_computes_nothing():
    x, _ = on_device(1000)
    y = np.exp(x) + 1
    before = current_device().dispatches
    text = str(np.webgpu.explain(y))
    assert current_device().dispatches == before
    assert text.startswith("1 dispatches, 8000 bytes moved") and "@compute" in text
    assert y._node.storage is None
    assert np.webgpu.explain(x).dispatches == 0


def test_numbers_and_shapes_share_a_pipeline():
    device = current_device()
    x, _ = on_device(77)
    (x * 3.5 + 1).tolist()
    made = device.pipelines_made
    for number in range(20):
        (x * number + 0.25).tolist()
    (on_device(1234)[0] * 2 + 7).tolist()
    (on_device(12, 34)[0] * 2 + 7).tolist()
    assert device.pipelines_made == made


def test_graphs_of_one_structure_share_a_plan():
    device = current_device()

    def result(x, number, other):
        return ((x * number + other).sum(axis=0) / other).tolist()

    x, _ = on_device(8, 9)
    result(x, 2.5, 1.5)
    planned = len(device.recipes)
    for seed in range(5):
        y, host = on_device(8, 9, seed=seed)
        found = result(y, seed + 0.5, seed + 2)
        assert numpy.allclose(found, (host * (seed + 0.5) + seed + 2).sum(axis=0) / (seed + 2), rtol=1e-5)
    assert len(device.recipes) == planned
    y, _ = on_device(8, 10)
    result(y, 2.5, 1.5)
    result(x[::2], 2.5, 1.5)
    assert len(device.recipes) == planned + 2
    # The same array twice is another structure than two arrays.
    x, host = on_device(7)
    y, other = on_device(7, seed=1)
    assert (x * x + 0.25).tolist() == (host * host + numpy.float32(0.25)).tolist()
    assert (x * y + 0.25).tolist() == (host * other + numpy.float32(0.25)).tolist()
    assert (x[1:] - x[:-1]).tolist() == (host[1:] - host[:-1]).tolist()
    assert (x[:-1] - x[1:]).tolist() == (host[:-1] - host[1:]).tolist()


def test_what_is_held_counts_for_plans():
    for _ in range(2):
        x, host = on_device(30, 20)
        y, other = on_device(20, 10)
        product = x @ y
        tail = product + 1
        tail.tolist()
        assert product._node.storage is not None  # stored on the way
        assert numpy.allclose(product.tolist(), host @ other, rtol=1e-4, atol=1e-4)
        del product
        tail = x @ y + 1
        before = current_device().pool.used_bytes
        np.webgpu.compute(tail)
        assert current_device().pool.used_bytes - before < 2048


def test_what_two_readers_need_is_kept():
    x, _ = on_device(500)
    y = np.exp(x) * 2
    y.sum().item()
    assert y._node.storage is None
    y.max().item()
    assert y._node.storage is not None
    before = current_device().dispatches
    y.min().item()
    assert current_device().dispatches == before + 1


def test_loops_do_not_compute_the_past_again():
    x, _ = on_device(300)
    device = current_device()
    start = device.dispatches
    for _ in range(40):
        x = x * 0.5 + 1
        x.sum().item()
    assert device.dispatches - start <= 2 * 40


def test_long_graphs():
    x = np.webgpu.asarray(np.zeros(5, "f4"))
    for _ in range(5000):
        x = x + 1
    assert x.tolist() == [5000.0] * 5
    y = np.webgpu.asarray(np.ones(5, "f4"))
    for _ in range(300):
        y = (y.sum() + y) / 6
    numpy.testing.assert_allclose(y.tolist(), 1, rtol=1e-4)


def test_more_arrays_than_a_kernel_binds():
    arrays, hosts = zip(*(on_device(4, 50, seed=seed) for seed in range(30)), strict=True)
    total, expected = arrays[0], hosts[0]
    for array, host in zip(arrays[1:], hosts[1:], strict=True):
        total, expected = total + array, expected + host
    assert dispatches(total) <= 5
    numpy.testing.assert_allclose(total.tolist(), expected, rtol=1e-5, atol=1e-5)


def test_operands_that_are_in_the_tail_too():
    x, host = on_device(20, 20)
    others = [on_device(20, 20, seed=seed) for seed in range(1, 12)]
    result, expected = x @ x + x, host @ host + host
    for array, other in others:
        result, expected = result + array, expected + other
    numpy.testing.assert_allclose(result.tolist(), expected, rtol=1e-4, atol=1e-4)
    result, expected = (x * x).sum(axis=0) + x[0], (host * host).sum(axis=0) + host[0]
    for array, other in others:
        result, expected = result + array[1], expected + other[1]
    numpy.testing.assert_allclose(result.tolist(), expected, rtol=1e-4, atol=1e-4)


def test_several_results_share_a_kernel():
    x, host = on_device(60)
    fraction, whole = np.modf(x * 2)
    assert dispatches(fraction, whole) == 1
    assert dispatches(fraction + whole) == 1
    expected = numpy.modf(host * 2)
    assert numpy.array_equal(fraction.tolist(), expected[0]) and numpy.array_equal(whole.tolist(), expected[1])


def test_results_together():
    x, _ = on_device(30, 40)
    total, largest = x.sum(), x.max()
    np.webgpu.compute(total, largest)
    assert total._node.storage is not None and largest._node.storage is not None


@pytest.mark.parametrize("size", [1, 1000])
def test_functions_of_users_are_fused(size):
    from wasmnp._kernels.language.promotion import NumberType
    from wasmnp._kernels.language.user_frontend import compile_elementwise

    def swing(x, y):
        if x > y:
            return x * y, x - y
        total = x
        while total < y:
            total = total + x * x + y * y
        return total, y

    single = NumberType("f", 32)
    function, kinds = compile_elementwise(swing, [single, single])
    x, host = on_device(size)
    y, other = on_device(size, seed=1)
    first, second = np.webgpu.apply_elementwise(function, [x + 1, y], kinds)
    assert dispatches(first, second) == 1
    assert dispatches(np.exp(first - first) + second * 2) == 1
    wanted = [swing(numpy.float32(a), numpy.float32(b)) for a, b in zip(host + 1, other, strict=True)]
    numpy.testing.assert_allclose(first.tolist(), [a for a, _ in wanted], rtol=1e-5)
    numpy.testing.assert_allclose(second.tolist(), [b for _, b in wanted], rtol=1e-5)
    (third, _) = np.webgpu.apply_elementwise(function, [x, 0.5], kinds)
    assert third.shape == (size,)
