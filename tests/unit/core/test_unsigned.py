"""uint16 and uint64 beside NumPy's: bounds, promotion, exact comparisons, scalars, buffers and casts."""

from __future__ import annotations

import pickle

import numpy
import pytest

import wasmnp
from wasmnp import jit

from .differential import same

EXPRESSIONS = """
xp.add(2**63, 1)
xp.add(2**63, 2**63)
xp.array(2**63)
xp.array([2**63, -1])
xp.array([2**63, 1])
xp.array([2**63,1.5])
xp.arange(2**63, 2**63+5)
xp.array([1],'u8')+ -1
xp.array([1],'u8') + (2**64-1)
xp.array([1],'u8') + 2**64
xp.array([1],'u2') + 65536
xp.array([1],'u2') + 65535
xp.array([1],'u2') - 2
xp.uint16(3)-xp.uint16(4)
xp.uint64(3)-xp.uint64(4)
xp.uint64(2**63)*xp.uint64(2)
xp.uint64(2**63)+xp.uint64(2)
xp.uint64(3)+xp.int64(4)
xp.uint64(3)+xp.uint16(4)
xp.uint64(-1)
xp.uint64(2**64)
xp.uint16(-1)
xp.uint16(70000)
xp.uint64(1.5)
xp.uint64('5')
xp.uint16(xp.float64(70000.))
xp.uint64(xp.float64(-1.))
xp.array([1,2**63,2**64-1],'u8') == xp.array([1,-2**63,-1],'i8')
xp.array([1,2**63,2**64-1],'u8') < xp.array([1,-2**63,-1],'i8')
xp.array([1,2**63,2**64-1],'u8') >= xp.array([1,-2**63,-1],'i8')
xp.array([1,2**63,2**64-1],'u8') != xp.array([1,-2**63,-1],'i1')
xp.array([2**63,2**53+1,255],'u8') == xp.array([-1,-2,-1],'i1')
xp.array([2**63,2**53+1],'u8') == xp.int64(2**53+1)
xp.array([2**63,2**53+1],'u8') > -1
xp.array([2**63,2**53+1],'u8') < 2**64
xp.array([2**63,2**53+1],'u8') == 2**53+1
xp.array([2**53+1],'i8') == 2**63
xp.array([2**53+1],'i8') < 2**63
xp.uint64(2**53+1) == xp.int64(2**53)
xp.uint64(2**53+1) == 2**53+1
xp.uint64(2**53+1) > 2**70
xp.uint64(5) == -1
2**53+1 == xp.uint64(2**53+1)
xp.array([1,2,3],'u2').sum()
xp.array([1,2,3],'u1').sum()
xp.array([1,2,3],'u8').sum()
xp.array([[1,2,3]],'u4').sum(axis=0)
xp.multiply.reduce(xp.array([3,4],'u1'))
xp.array([1,2,3],'u8').mean()
xp.add.accumulate(xp.array([200,100],'u1'))
xp.array([1,2,2**64-1],'u8').max()
xp.sin(xp.array([1],'u8'))
xp.divide(xp.array([1],'u8'),3)
xp.array([7],'u8')//2
xp.array([7],'u8')//0
xp.array([7],'u2')%0
xp.array([7],'u2')**xp.array([2],'u2')
xp.array([7],'u2')**-1
-xp.array([7],'u2')
-xp.uint16(7)
-xp.uint64(7)
abs(xp.uint64(7))
xp.reciprocal(xp.array([0,1,2],'u8'))
xp.sign(xp.array([0,1,2],'u8'))
xp.square(xp.array([0,1,2**33],'u8'))
repr(xp.array([1,2],'u8'))
repr(xp.array([1,2],'u2'))
repr(xp.array([],'u2'))
str(xp.uint64(2**64-1))
repr(xp.uint64(2**64-1))
repr(xp.dtype('u8'))
repr(xp.dtype('>u8'))
xp.dtype('u8').num
xp.dtype('u2').num
xp.dtype('u8').char
xp.dtype('Q') == xp.dtype('u8')
xp.dtype('L').itemsize
xp.dtype('P').name
xp.dtype('N').name
xp.dtype('uint').name
xp.dtype('uintp').name
xp.dtype('ulonglong').name
xp.dtype('ushort').name
xp.uintp.__name__
xp.uint.__name__
xp.ulong.__name__
xp.ushort.__name__
memoryview(xp.array([1],'u2')).format
memoryview(xp.array([1],'u8')).format
memoryview(xp.array([1],'>u8')).format
memoryview(xp.array([1],'>u2')).format
xp.array(memoryview(__import__('array').array('H',[5])))
xp.array(memoryview(__import__('array').array('Q',[5])))
xp.array(memoryview(__import__('array').array('L',[5])))
hash(xp.uint64(2**64-1)) == hash(2**64-1)
pickle.loads(pickle.dumps(xp.uint64(2**64-1)))
pickle.loads(pickle.dumps(xp.array([2**64-1],'u8')))
pickle.loads(pickle.dumps(xp.dtype('>u2')))
xp.can_cast('i8','u8')
xp.can_cast('u8','i8','same_kind')
xp.can_cast('i8','u8','same_kind')
xp.can_cast('u2','f4')
xp.can_cast('u8','f8')
xp.can_cast('u2','i4')
xp.can_cast('u8','f4')
xp.array([1],'u8')+xp.array([1],'i8')
xp.array([1],'u8')+xp.array([1],'i1')
xp.array([1],'u2')+xp.array([1],'i1')
xp.array([1],'u2')+xp.array([1],'i2')
xp.array([1],'u2')+xp.array([1],'f4')
xp.array([1],'u2')+True
xp.array([1],'u2')+1.5
xp.array([1],'u2')+1j
xp.array([1],'u8')+1.5
xp.less(2**63, 5)
xp.equal(2**63, 2**63)
xp.maximum(xp.array([1],'u8'), -1)
xp.maximum(xp.uint64(3), xp.int64(4))
float(xp.uint64(2**64-1))
int(xp.uint64(2**64-1))
complex(xp.uint16(3))
'%d'%xp.uint64(2**64-1)
format(xp.uint64(2**64-1),'x')
xp.uint64(2**64-1).item()
round(xp.uint16(7))
bool(xp.uint64(0))
[1,2,3][xp.uint64(1)]
range(xp.uint16(3))
xp.array([2**64],'u8')
xp.array([-1],'u8')
xp.array([-1.5],'u8')
xp.array([1.5,3],'u2')
xp.zeros(3,'u8').__setitem__(0,-1)
xp.array(xp.uint64(5)) + 1
xp.add(xp.array([1],'u8'), 1, dtype='i8')
xp.add(xp.array([1],'u2'), 1, dtype='u8')
xp.array([1],'u8').__iadd__(xp.array([1],'i8'))
xp.array([1],'u8').__iadd__(xp.array([1],'u2'))
xp.arange(5,dtype='u2')
xp.arange(2**64-3,2**64-1,dtype='u8')
xp.arange(xp.uint64(3))
xp.arange(10,0,-3,dtype='u8')
xp.uint64(5)/xp.uint64(2)
xp.uint64(5)//xp.uint64(0)
xp.uint16(5)%xp.uint16(0)
xp.uint16(300)**xp.uint16(2)
xp.uint16(300)*xp.uint16(300)
xp.uint16(5) + 70000
xp.uint16(5)+ -1
xp.uint16(5) == 70000
xp.dtype(xp.uint64) is xp.dtype('u8')
xp.dtypes.UInt16DType().num
xp.dtypes.UInt64DType().num
isinstance(xp.uint64(3), xp.unsignedinteger)
xp.uint64.__mro__[1].__name__
xp.prod(xp.array([2**32,2],'u8'))
xp.add(1, 2**63)
xp.array([1,2,3],'u2').view('u1')
xp.frombuffer(b'12345678',dtype='u8')
xp.uint64(2**63) == -xp.int64(-2**63)
xp.array([True]) + xp.array([2],'u8')
xp.array([2**63],'u8') == 9223372036854775808.0
xp.array([2**63],'u8').astype('i8')
xp.array([2**64-1],'u8').astype('f4')
xp.array([2**64-1025, 2**63+1],'u8').astype('f8')
""".strip().splitlines()


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_expression(expression):
    same(lambda xp: eval(expression, {"xp": xp, "pickle": pickle}))


FLOATS = [0.0, -0.5, -1.0, -1.5, 255.0, 256.0, -129.0, 65535.0, 65536.0, 2.0**31, 2.0**32, 3e9, -3e9, 2.0**63, 1e19,
          2.0**64, -(2.0**63), -(2.0**64), float("inf"), float("-inf"), float("nan")]  # fmt: skip


@pytest.mark.parametrize("to", ["u1", "u2", "u4", "u8"])
@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("value", FLOATS)
def test_float_to_unsigned(value, dtype, to):
    # One element at a time: NumPy's vector loops give other results beyond the range.
    same(lambda xp: xp.array([value], dtype=dtype).astype(to))


@pytest.mark.parametrize("name", ["equal", "not_equal", "less", "less_equal", "greater", "greater_equal"])
@pytest.mark.parametrize("step", [1, -1, 3])
@pytest.mark.parametrize("signed", ["i1", "i2", "i4", "i8"])
def test_mixed_comparisons(name, step, signed):
    unsigned = [0, 1, 127, 128, 2**15, 2**31, 2**53, 2**53 + 1, 2**63 - 1, 2**63, 2**64 - 1] * 8
    info = numpy.iinfo(signed)
    numbers = [info.min, info.max, -1, 0, 1, 127, info.max - 1, info.min + 1]

    def body(xp):
        x = xp.array(unsigned, dtype="u8")[::step]
        y = xp.array([numbers[i * 3 % 8] for i in range(88)], dtype=signed)[::step]
        compare = getattr(xp, name)
        return compare(x, y), compare(y, x), compare(x, y[5]), compare(y[5], x), compare(x[4], y), compare(y, x[9])

    same(body)


@pytest.mark.parametrize("dtype", ["u1", "u2", "u4", "u8", ">u2", ">u8"])
def test_sums_accumulate_in_uintp(dtype):
    top = numpy.iinfo(dtype).max
    same(lambda xp: xp.array([top, 1, top, 5] * 300, dtype=dtype).sum())
    same(lambda xp: xp.array([top, 1, top, 5] * 300, dtype=dtype).reshape(30, 40)[:, ::2].sum(axis=0))
    same(lambda xp: xp.multiply.reduce(xp.array([top, 3], dtype=dtype)))
    same(lambda xp: xp.add.accumulate(xp.array([top, 3, top], dtype=dtype)))
    same(lambda xp: xp.array([top, 1, 3], dtype=dtype).mean())


@pytest.mark.parametrize("code", ["B", "H", "I", "L", "Q", "N"])
def test_buffers(code):
    raw = bytes(range(16))
    same(lambda xp: xp.array(memoryview(raw).cast(code)))


@pytest.mark.parametrize("name", ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"])
def test_negative_of_scalars(name):
    info = numpy.iinfo(name)
    for value in (0, 1, info.min, info.max):
        same(lambda xp, value=value: -getattr(xp, name)(value))


@pytest.mark.parametrize("x", [0, 5, 2**53 + 1, 2**63, 2**64 - 1])
def test_compiled_comparisons_are_exact(x):
    compare = jit.jit("def compare(x, y): return x == y, x != y, x < y, x <= y, y < x, y <= x")
    for y in (-1, 0, 5, 2**53, 2**63 - 1, -(2**63)):
        wanted = x == y, x != y, x < y, x <= y, y < x, y <= x
        assert compare(wasmnp.uint64(x), wasmnp.int64(y)) == wanted
        assert compare(wasmnp.int64(y), wasmnp.uint64(x)) == (y == x, y != x, y < x, y <= x, x < y, x <= y)


@pytest.mark.parametrize("dtype", ["?", "i1", "u1"])
def test_compiled_functions_of_narrow_integers_have_no_halves(dtype):
    ones = wasmnp.ones(3, dtype=dtype)
    assert jit.vectorize("def f(x): return np.sqrt(x)")(ones).dtype.name == "float32"
    with pytest.raises(TypeError, match="float16"):
        jit.vectorize("def f(x): return x + 1")(wasmnp.ones(3, dtype="f2"))
