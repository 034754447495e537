"""float16 beside NumPy's: rounding, overflow, promotion, scalars, text, buffers and sums."""

from __future__ import annotations

import pickle

import numpy
import pytest

import wasmnp

from .differential import same

EXPRESSIONS = """
xp.array([1.5,65519,65520,-1e9,1e-8,float('nan')],'f2')
xp.array([1.5,2],'e')
xp.float16(1.1)
repr(xp.float16(1.1))
str(xp.float16(1.1))
repr(xp.float16(1234))
repr(xp.float16(65504))
repr(xp.float16(999.5))
repr(xp.float16(1000))
repr(xp.float16(0.0001))
repr(xp.float16(0.00012))
repr(xp.float16(6e-8))
repr(xp.float16(float('inf')))
repr(xp.float16(float('nan')))
repr(xp.float16(-0.0))
repr(xp.array([1.1,2.2,1000],'f2'))
repr(xp.array([1.1,2.2,100],'f2'))
repr(xp.array([0.0001,1e-7],'f2'))
repr(xp.array([65504,1],'f2'))
repr(xp.array([],'f2'))
repr(xp.arange(5,dtype='f2'))
repr(xp.arange(0,3,0.1,dtype='f2'))
xp.arange(xp.float16(5))
xp.float16(1e6)
xp.float16('1.5')
xp.float16('x')
xp.float16(2**40)
xp.float16(1j)
xp.float16(xp.float64(1e6))
xp.float16(xp.float32(70000))
xp.float16(1)+xp.float16(2)
xp.float16(60000)+xp.float16(60000)
xp.float16(60000)*2
xp.float16(1)/0
xp.float16(1)/xp.float16(0)
xp.float16(0)/xp.float16(0)
xp.float16(1)+1
xp.float16(1)+1.5
xp.float16(1)+1j
xp.float16(1)+xp.float32(1)
xp.float16(1)+xp.int8(1)
xp.float16(1)+xp.uint8(1)
xp.float16(1)+xp.int16(1)
xp.float16(1)+xp.uint16(1)
xp.float16(1)+xp.int32(1)
xp.float16(1)+xp.int64(1)
xp.float16(1)+xp.complex64(1)
xp.float16(1)+True
xp.float16(1)+70000
xp.float16(1)+1e5
xp.float16(1) == 1
xp.float16(1) == 1e5
xp.float16(1) < 2**70
xp.float16(float('nan')) == xp.float16(float('nan'))
xp.float16(7)//xp.float16(2)
xp.float16(-7)%xp.float16(2)
xp.float16(7)//xp.float16(0)
xp.float16(3)**xp.float16(2)
xp.float16(300)**2
-xp.float16(3)
abs(xp.float16(-3))
hash(xp.float16(1.5)) == hash(1.5)
float(xp.float16(1.1))
int(xp.float16(7.5))
bool(xp.float16(0))
complex(xp.float16(2))
xp.float16(1.1).item()
xp.float16(3).dtype
xp.float16(3).real
xp.float16(3).imag
round(xp.float16(2.567), 1)
format(xp.float16(1.1), '.3f')
'%s' % xp.float16(1.1)
isinstance(xp.float16(1), xp.floating)
xp.half is xp.float16
xp.dtype('e').name
xp.dtype('half').num
xp.dtype('f2').char
xp.dtype('<f2') == xp.dtype('e')
repr(xp.dtype('>f2'))
xp.dtypes.Float16DType().itemsize
xp.can_cast('f2','f4')
xp.can_cast('i1','f2')
xp.can_cast('i2','f2')
xp.can_cast('u1','f2')
xp.can_cast('f4','f2')
xp.can_cast('f4','f2','same_kind')
xp.can_cast('f2','c8')
xp.can_cast('i8','f2','same_kind')
memoryview(xp.array([1],'f2')).format
memoryview(xp.array([1],'>f2')).format
xp.array(memoryview(xp.array([1.5,2],'f2')))
pickle.loads(pickle.dumps(xp.float16(1.1)))
pickle.loads(pickle.dumps(xp.array([1.1],'f2')))
xp.array([1.1],'>f2') + xp.array([1],'f2')
xp.sin(xp.array([1],'i1'))
xp.sqrt(xp.array([2,3],'u1'))
xp.sqrt(xp.array([-2],'f2'))
xp.exp(xp.array([1,2,12],'f2'))
xp.exp(xp.array([1,2],'?'))
xp.modf(xp.array([1.5,-2.25,float('inf')],'f2'))
xp.rint(xp.array([1.5,2.5],'f2'))
xp.floor(xp.array([1.5,-2.5],'f2'))
xp.sign(xp.array([1.5,-2.5,0,float('nan')],'f2'))
xp.reciprocal(xp.array([3,0],'f2'))
xp.square(xp.array([300],'f2'))
xp.cbrt(xp.array([27],'f2'))
xp.maximum(xp.array([0.0,-0.0,1,float('nan')],'f2'), xp.array([-0.0,0.0,2,3],'f2'))
xp.minimum(xp.array([0.0,-0.0,1,float('nan')],'f2'), xp.array([-0.0,0.0,2,3],'f2'))
xp.array([0.0,-0.0],'f2').max()
xp.array([-0.0,0.0],'f2').max()
xp.array([-0.0,0.0],'f2').min()
xp.array([0.0,-0.0],'f2').min()
xp.array([-0.0,-0.0],'f2').sum()
xp.array([1,float('nan'),3],'f2').max()
xp.array([60000,60000],'f2').sum()
xp.array([60000,60000,-60000],'f2').sum()
xp.array([float('inf'),-float('inf')],'f2').sum()
xp.array([1,2,3],'f2').sum(dtype='f8')
xp.array([1.0001,2,3],'f8').sum(dtype='f2')
xp.array([1,2,3],'i4').sum(dtype='f2')
xp.multiply.reduce(xp.array([1.1,2.2,3.3],'f2'))
xp.add.accumulate(xp.array([1.1,2.2,3.3],'f2'))
xp.array([1.1,2.2],'f2').mean()
xp.array([[1.1,2.2],[3,4]],'f2').mean(axis=0)
xp.array([60000,60000],'f2').mean()
xp.divide(xp.array([1],'i1'),3)
xp.add(xp.array([1],'f2'), 1, dtype='f4')
xp.add(xp.array([1],'f8'), 1, dtype='f2')
xp.array([1],'f2').__iadd__(xp.array([1],'f8'))
xp.array([1.5],'f2').astype('i4')
xp.array([1e4],'f2').astype('i1')
xp.array([float('nan')],'f2').astype('i4')
xp.array([2049],'i4').astype('f2')
xp.array([2**40],'i8').astype('f2')
xp.array([65520+1j],'c16').astype('f2')
xp.array([1.1],'f2').tolist()
xp.array([1.1],'f2').view('u2')
xp.float16(1.1).tobytes()
xp.array([True,False]).astype('f2')
xp.array([0.0,-0.0,float('nan'),1e-7],'f2').astype('?')
xp.format_float_positional(xp.float16(1.1))
xp.format_float_scientific(xp.float16(1.1))
xp.format_float_positional(xp.float16(65504), unique=False, precision=3)
xp.format_float_scientific(xp.float16(6e-8))
xp.zeros(3,'f2').__setitem__(0,1e6)
xp.ones(2,'f2')
xp.array([xp.float16(1), xp.int8(1)])
xp.array([xp.float16(1), 1.5])
xp.array([xp.float16(1), xp.int16(3)])
xp.power(xp.array([2,0,-1.5],'f2'), xp.array([0.5,-1,2],'f2'))
xp.fmod(xp.array([7,-7],'f2'), xp.array([3,3],'f2'))
divmod(xp.float16(7), xp.float16(2))
xp.array([1,2],'f2') < xp.array([2,1],'f2')
xp.array([1,2],'f2') == 1
xp.array([1,2],'f2') * 1e6
xp.array([1,2],'f2') * xp.float64(2)
xp.array([1e-4],'f2') * xp.array([1e-4],'f2')
""".strip().splitlines()


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_expression(expression):
    same(lambda xp: eval(expression, {"xp": xp, "pickle": pickle}))


PATTERNS = numpy.arange(65536, dtype="u2")
HALVES = PATTERNS.view("e")


def equal(x, y) -> numpy.ndarray:
    return (x == y) | ((x != x) & (y != y))


@pytest.mark.parametrize("to", ["?", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8", "c8", "c16"])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_every_half_as_another_type(to):
    ours = numpy.frombuffer(wasmnp.frombuffer(PATTERNS.tobytes(), dtype="e").astype(to).tobytes(), to)
    assert equal(HALVES.astype(to), ours).all()


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_rounding(dtype):
    """All halves, the numbers midway between them and those next to these, and numbers of every size."""
    finite = HALVES[numpy.isfinite(HALVES)].astype("f8")
    middle = (finite[:-1] + finite[1:]) / 2
    generator = numpy.random.default_rng(0)
    random = generator.standard_normal(50_000) * 2.0 ** generator.uniform(-30, 20, 50_000)
    special = [65519.999, 65520, 1e30, 1e300, -1e300, 2.0**-25, 2.0**-24, 5e-324, float("inf")]
    parts = [finite, middle, numpy.nextafter(middle, 0), numpy.nextafter(middle, 1e9), random, special]
    numbers = numpy.concatenate(parts).astype(dtype)
    ours = wasmnp.frombuffer(numbers.tobytes(), dtype=dtype).astype("e").tobytes()
    assert (numbers.astype("e").view("u2") == numpy.frombuffer(ours, "u2")).all()


@pytest.mark.parametrize("dtype", ["f4", "f8", "c16", "i8"])
@pytest.mark.parametrize("value", [1e-8, 2.0**-25, 2.0**-24, 6.1e-5, 2.0**-14, 2.0**-15, 65519.0, 65520.0, -1e10, 1e18])
def test_errors_of_rounding(value, dtype):
    def body(xp):
        with xp.errstate(all="warn"):
            return xp.array([value]).astype(dtype).astype("e")

    same(body)


@pytest.mark.parametrize("count", [1, 3, 7, 8, 100, 129, 1000, 5000, 30_000])
def test_sums_of_runs(count):
    raw = numpy.random.default_rng(count).standard_normal(count).astype("e").tobytes()

    def body(xp):
        x = xp.frombuffer(raw, dtype="e")
        return x.sum(), x[::2].sum(), x[::-1].sum(), x.mean(), xp.add.reduce(x, initial=3.3)

    same(body)


@pytest.mark.parametrize("axis", [None, 0, 1, -1, (0, 1)])
@pytest.mark.parametrize("shape", [(4, 5), (40, 50), (3, 200, 7), (300, 3)])
def test_reductions(shape, axis):
    raw = (numpy.random.default_rng(1).standard_normal(shape) * 5).astype("e").tobytes()

    def body(xp):
        x = xp.frombuffer(raw, dtype="e").reshape(shape)
        sums = x.sum(axis=axis), x.T.sum(axis=axis), x[::2].sum(axis=axis), x[:, ::2].sum(axis=axis)
        return *sums, x.mean(axis=axis), x.max(axis=axis), x.min(axis=axis), xp.add.accumulate(x, axis=0)

    same(body)
