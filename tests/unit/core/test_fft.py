"""The functions of numpy.fft beside NumPy's: values within rounding, and types, shapes, layouts and errors equal."""

from __future__ import annotations

import inspect
import warnings

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wasmnp

from .differential import same

ONE_AXIS = ["fft", "ifft", "rfft", "irfft", "hfft", "ihfft"]
SEVERAL = ["fft2", "ifft2", "rfft2", "irfft2", "fftn", "ifftn", "rfftn", "irfftn"]
REAL = {"rfft", "ihfft", "rfft2", "rfftn"}
TOLERANCE = {"e": 1e-3, "f": 2e-6, "F": 2e-6}


def operand(xp, code: str, shape: tuple[int, ...]):
    count = int(numpy.prod(shape))
    values = numpy.random.default_rng(count).integers(0, 100, count) - (0 if code in "?BHILQ" else 50)
    array = xp.array(values.tolist()).astype(code).reshape(shape)
    if code in "FDG":
        array.imag = array.real[..., ::-1]
    return array


def compare(name: str, code: str, shape: tuple[int, ...], layout=lambda a: a, **options) -> None:
    """Values within rounding; types, shapes and strides exactly."""

    def described(xp):
        result = getattr(xp.fft, name)(layout(operand(xp, code, shape)), **options)
        return result, (result.dtype.str, result.shape, result.strides if result.size else None)

    expected, about = described(numpy)
    actual, about_actual = described(wasmnp)
    assert about_actual == about, (name, code, shape, options)
    got = numpy.array(actual.astype("D").tolist()).reshape(expected.shape)
    scale = abs(expected).max(initial=1)
    numpy.testing.assert_allclose(got, expected.astype("D"), rtol=0, atol=TOLERANCE.get(code, 1e-14) * float(scale))


@pytest.mark.parametrize("name", ONE_AXIS + SEVERAL)
@pytest.mark.parametrize("code", "?bHiqefdgFDG")
def test_types_and_shapes(name, code):
    if name in REAL and code in "FDG":
        same(lambda xp: getattr(xp.fft, name)(operand(xp, code, (4, 6))))
        return
    for shape in ((4, 6), (5, 3, 7)):
        compare(name, code, shape)
        compare(name, code, shape, norm="ortho")
        compare(name, code, shape, norm="forward")
        compare(name, code, shape, layout=lambda a: a.T)
        compare(name, code, shape, layout=lambda a: a[::-1, ::2])
    compare(name, code, (4, 6), layout=lambda a: a.astype(a.dtype.newbyteorder(">")))


@given(
    st.sampled_from(ONE_AXIS), st.sampled_from("fdgFDG"), st.integers(1, 140), st.integers(1, 140), st.integers(0, 2)
)
@settings(deadline=None, max_examples=300)
def test_lengths_and_axes(name, code, length, n, axis):
    code = code.lower() if name in REAL else code
    shape = [2, 3, 2]
    shape[axis] = length
    compare(name, code, tuple(shape), n=n, axis=axis)


def test_lengths_along_axes():
    for name in SEVERAL:
        for s, axes in (((3, 4), (0, 1)), ((5, 2), (-1, 0)), ((-1, 3), (0, 2)), ((2, 2), (1, 1))):
            compare(name, "d", (3, 4, 5), s=s, axes=axes)


def test_nothing_to_transform():
    for name in ONE_AXIS:
        compare(name, "d", (0, 4))
        compare(name, "d", (3, 0), n=6)
        same(lambda xp, name=name: getattr(xp.fft, name)([]))


def test_out():
    for name, code in (("fft", "D"), ("ifft", "D"), ("rfft", "d"), ("irfft", "D")):
        for axis in (0, 1):
            for layout in (lambda a: a.copy(), lambda a: a.copy("F"), lambda a: a.copy()[::-1]):
                function = getattr(wasmnp.fft, name)
                a = operand(wasmnp, code, (6, 8))
                expected = function(a, axis=axis)
                out = layout(expected)
                assert function(a, axis=axis, out=out) is out and (out == expected).all()
    a = operand(wasmnp, "D", (9, 9))
    for view in (a, a.T, a[::-1], a[::2, 1:6]):
        expected = wasmnp.fft.fft(view, axis=0)
        assert (wasmnp.fft.fft(view, axis=0, out=view) == expected).all()


def test_out_of_other_types_and_shapes():
    for out in ("", (4,), numpy.float64(1)):
        same(lambda xp, out=out: xp.fft.fft(xp.ones(4), out=out))
    same(lambda xp: xp.fft.fft(xp.ones(4), out=xp.zeros(4)))
    same(lambda xp: xp.fft.fft(xp.ones(4), out=xp.zeros(5, "D")))
    same(lambda xp: xp.fft.fft(xp.ones(4), out=xp.zeros(4, "F")))
    same(lambda xp: xp.fft.fft(xp.ones(4, "f"), out=xp.zeros(4, "D")))
    same(lambda xp: xp.fft.rfft(xp.ones(4), out=(xp.zeros(3, "D"),)))


@pytest.mark.parametrize(
    "call",
    [
        lambda xp, x: xp.fft.fft(x, 0),
        lambda xp, x: xp.fft.fft(x, -1),
        lambda xp, x: xp.fft.fft(x, n=2.5),
        lambda xp, x: xp.fft.fft(x, axis=5),
        lambda xp, x: xp.fft.fft(x, 3, axis=5),
        lambda xp, x: xp.fft.fft(x, norm="x"),
        lambda xp, x: xp.fft.fft(x, norm=[]),
        lambda xp, x: xp.fft.hfft(x, norm="x"),
        lambda xp, x: xp.fft.fft("a"),
        lambda xp, x: xp.fft.fft(3),
        lambda xp, x: xp.fft.fft(xp.array([1, 2], object)),
        lambda xp, x: xp.fft.irfft([1.0]),
        lambda xp, x: xp.fft.irfft([]),
        lambda xp, x: xp.fft.fft2(x, s=(2,)),
        lambda xp, x: xp.fft.fft2(x, s=(2, 2), axes=(0,)),
        lambda xp, x: xp.fft.fftn(x, s=2),
        lambda xp, x: xp.fft.fftn(x, axes=()),
        lambda xp, x: xp.fft.fft2(xp.ones(3)),
        lambda xp, x: xp.fft.fftn(x, s=(2, 2), axes=(0, 5)),
        lambda xp, x: xp.fft.fftfreq(3.5),
        lambda xp, x: xp.fft.fftfreq(0),
        lambda xp, x: xp.fft.rfftfreq(4.0),
        lambda xp, x: xp.fft.fftfreq(5, device="x"),
        lambda xp, x: xp.fft.fftshift([1, 2], axes=(1,)),
    ],
)
def test_errors(call):
    same(lambda xp: call(xp, xp.ones((3, 4))))


def test_deprecations():
    for name in SEVERAL:
        for s, axes in (((2, None), (0, 1)), ((2, 3), None)):
            compare_warnings = []
            for xp in (numpy, wasmnp):
                with warnings.catch_warnings(record=True) as caught:
                    warnings.simplefilter("always")
                    getattr(xp.fft, name)(xp.ones((3, 4)), s=s, axes=axes)
                compare_warnings.append([(w.category, str(w.message)) for w in caught])
            assert compare_warnings[0] == compare_warnings[1] and compare_warnings[0], name


def test_helpers():
    same(lambda xp: xp.fft.fftfreq(xp.int8(4), xp.float32(0.5)))
    for n in (1, 2, 5, 8):
        same(lambda xp, n=n: (xp.fft.fftfreq(n), xp.fft.fftfreq(n, 0.1), xp.fft.rfftfreq(n), xp.fft.rfftfreq(n, 3)))
    for axes in (None, 0, (1,), (0, 1), (0, 0), -1):
        same(lambda xp, axes=axes: (xp.fft.fftshift(xp.arange(15).reshape(3, 5), axes),
                                    xp.fft.ifftshift(xp.arange(15).reshape(3, 5), axes)))  # fmt: skip


def test_namespace():
    assert sorted(wasmnp.fft.__all__) == sorted(numpy.fft.__all__)
    for name in numpy.fft.__all__:
        own, other = getattr(wasmnp.fft, name), getattr(numpy.fft, name)
        assert inspect.signature(own) == inspect.signature(other)
        assert own.__module__ == "wasmnp.fft"
