"""Polynomials with the highest power first."""

from __future__ import annotations

import re
import warnings
from typing import Any

from .. import _core as _nx
from .._core._multiarray_umath import array, asarray, ndarray
from .._core.overrides import array_function_dispatch
from .._utils import set_module
from ..exceptions import RankWarning
from ._insertion_impl import trim_zeros
from ._twodim_base_impl import diag, vander

__all__ = [
    "poly",
    "poly1d",
    "polyadd",
    "polyder",
    "polydiv",
    "polyfit",
    "polyint",
    "polymul",
    "polysub",
    "polyval",
    "roots",
]


@array_function_dispatch(lambda seq_of_zeros: seq_of_zeros)
def poly(seq_of_zeros: Any) -> Any:
    """
    Coefficients of the polynomial with given roots, or of the characteristic polynomial of a matrix.

    Parameters
    ----------
    seq_of_zeros : array_like, shape (N,) or (N, N)
        The roots, or the matrix.

    Returns
    -------
    ndarray, shape (N + 1,)
        The first is 1.

    Raises
    ------
    ValueError
        For other shapes.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.poly([1, 2])
    array([ 1., -3.,  2.])
    """
    zeros = _nx.atleast_1d(seq_of_zeros)
    shape = zeros.shape
    if len(shape) == 2 and shape[0] == shape[1] and shape[0] != 0:
        from ..linalg import eigvals

        zeros = eigvals(zeros)
    elif len(shape) != 1:
        raise ValueError("input must be 1d or non-empty square 2d array.")
    elif zeros.dtype.kind != "O":
        # Products of integers would wrap.
        zeros = zeros.astype(_nx.result_type(zeros.dtype, 1.0) if zeros.dtype.kind in "fc" else "d")
    if len(zeros) == 0:
        return 1.0
    result = _nx.ones((1,), dtype=zeros.dtype)
    for zero in zeros:
        result = _nx.convolve(result, array([1, -zero], dtype=zeros.dtype), mode="full")
    # Roots that come with their conjugates make real coefficients.
    if result.dtype.kind == "c" and _nx.all(_nx.sort(zeros) == _nx.sort(zeros.conjugate())):
        result = result.real.copy()
    return result


@array_function_dispatch(lambda p: p)
def roots(p: Any) -> Any:
    """
    Roots of a polynomial: the eigenvalues of its companion matrix.

    Parameters
    ----------
    p : array_like, 1-d
        Coefficients.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If `p` is not 1-d.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.roots([1, -3, 2])  # doctest: +SKIP
    array([2., 1.])
    """
    from ..linalg import eigvals

    p = _nx.atleast_1d(p)
    if p.ndim != 1:
        raise ValueError("Input must be a rank-1 array.")
    places = p.nonzero()[0]
    if len(places) == 0:
        return array([])
    at_zero = len(p) - int(places[-1]) - 1
    p = p[int(places[0]) : int(places[-1]) + 1]
    if p.dtype.kind not in "fc":
        p = p.astype(float)
    if len(p) > 1:
        companion = diag(_nx.ones((len(p) - 2,), p.dtype), -1)
        companion[0, :] = -p[1:] / p[0]
        found = eigvals(companion)
    else:
        found = array([])
    return _nx.hstack((found, _nx.zeros(at_zero, found.dtype)))


def _as_given(result: Any, *inputs: Any) -> Any:
    """A `poly1d` if one of the inputs is."""
    return poly1d(result) if any(isinstance(one, poly1d) for one in inputs) else result


@array_function_dispatch(lambda p, m=None, k=None: (p,))
def polyint(p: Any, m: int = 1, k: Any = None) -> Any:
    """
    An antiderivative of a polynomial.

    Parameters
    ----------
    p : array_like or poly1d
        Coefficients.
    m : int
        How many times.
    k : scalar or sequence, optional
        Constants of integration, zero by default.

    Returns
    -------
    ndarray or poly1d

    Raises
    ------
    ValueError
        If `m` is negative, or there are not as many constants.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.polyint([3, 2, 1])
    array([1., 1., 1., 0.])
    """
    m = int(m)
    if m < 0:
        raise ValueError("Order of integral must be positive (see polyder)")
    constants = _nx.zeros(m, float) if k is None else _nx.atleast_1d(k)
    if len(constants) == 1 and m > 1:
        constants = constants[0] * _nx.ones(m, float)
    if len(constants) < m:
        raise ValueError("k must be a scalar or a rank-1 array of length 1 or >m.")
    result = asarray(p)
    for step in range(m):
        result = _nx.concatenate((result / _nx.arange(len(result), 0, -1), [constants[step]]))
    return _as_given(result, p)


@array_function_dispatch(lambda p, m=None: (p,))
def polyder(p: Any, m: int = 1) -> Any:
    """
    The derivative of a polynomial.

    Parameters
    ----------
    p : array_like or poly1d
        Coefficients.
    m : int
        How many times.

    Returns
    -------
    ndarray or poly1d

    Raises
    ------
    ValueError
        If `m` is negative.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.polyder([1, 1, 1])
    array([2, 1])
    """
    m = int(m)
    if m < 0:
        raise ValueError("Order of derivative must be positive (see polyint)")
    result = asarray(p)
    for _ in range(m):
        result = result[:-1] * _nx.arange(len(result) - 1, 0, -1)
    return _as_given(result, p)


def _polyfit_dispatcher(x, y, deg, rcond=None, full=None, w=None, cov=None):
    return x, y, w


@array_function_dispatch(_polyfit_dispatcher)
def polyfit(
    x: Any, y: Any, deg: int, rcond: float | None = None, full: bool = False, w: Any = None, cov: Any = False
) -> Any:
    """
    The polynomial that is nearest to points, by least squares.

    Parameters
    ----------
    x : array_like, shape (M,)
        Where.
    y : array_like, shape (M,) or (M, K)
        Values there; a column for each polynomial.
    deg : int
        Degree.
    rcond : float, optional
        Singular values below this, relative to the largest, count as zero.
    full : bool
        Return residuals, rank, singular values and `rcond`, too.
    w : array_like, shape (M,), optional
        Weights of the differences, before they are squared.
    cov : bool or 'unscaled'
        Return the covariances of the coefficients, too; unscaled: weights are one over known deviations.

    Returns
    -------
    ndarray, shape (deg + 1,) or (deg + 1, K), or tuple

    Raises
    ------
    TypeError
        If arrays have the wrong shape.
    ValueError
        If the degree is negative, or there are too few points for covariances.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.polyfit([0, 1, 2], [1, 3, 5], 1).round(8)  # doctest: +SKIP
    array([2., 1.])
    """
    from ..linalg import inv, lstsq

    order = int(deg) + 1
    x, y = asarray(x) + 0.0, asarray(y) + 0.0
    if deg < 0:
        raise ValueError("expected deg >= 0")
    if x.ndim != 1:
        raise TypeError("expected 1D vector for x")
    if x.size == 0:
        raise TypeError("expected non-empty vector for x")
    if y.ndim < 1 or y.ndim > 2:
        raise TypeError("expected 1D or 2D array for y")
    if x.shape[0] != y.shape[0]:
        raise TypeError("expected x and y to have same length")
    if rcond is None:
        rcond = len(x) * _nx.finfo(x.dtype).eps
    left, right = vander(x, order), y
    if w is not None:
        w = asarray(w) + 0.0
        if w.ndim != 1:
            raise TypeError("expected a 1-d array for weights")
        if w.shape[0] != y.shape[0]:
            raise TypeError("expected w and y to have the same length")
        left = left * w[:, None]
        right = right * (w[:, None] if right.ndim == 2 else w)
    # Columns of one length make the problem better conditioned.
    scale = _nx.sqrt((left * left).sum(axis=0))
    left = left / scale
    found, residuals, rank, singular = lstsq(left, right, rcond)
    found = (found.T / scale).T
    if rank != order and not full:
        warnings.warn("Polyfit may be poorly conditioned", RankWarning, stacklevel=2)
    if full:
        return found, residuals, rank, singular, rcond
    if not cov:
        return found
    base = inv(_nx.dot(left.T, left)) / _nx.outer(scale, scale)
    if cov == "unscaled":
        factor = 1
    else:
        if len(x) <= order:
            raise ValueError("the number of data points must exceed order to scale the covariance matrix")
        factor = residuals / (len(x) - order)
    return found, base * factor if y.ndim == 1 else base[:, :, None] * factor


@array_function_dispatch(lambda p, x: (p, x))
def polyval(p: Any, x: Any) -> Any:
    """
    Values of a polynomial (Horner's rule).

    Parameters
    ----------
    p : array_like or poly1d
        Coefficients.
    x : array_like or poly1d
        Where; of a polynomial the composition.

    Returns
    -------
    ndarray or poly1d

    Examples
    --------
    >>> import wasmnp as np
    >>> np.polyval([3, 0, 1], 5)
    np.int64(76)
    """
    p = asarray(p)
    if isinstance(x, poly1d):
        y: Any = 0
    else:
        x = _nx.asanyarray(x)
        y = _nx.zeros_like(x)
    for one in p:
        y = y * x + one
    return y


def _with_zeros(a: Any, count: int) -> Any:
    return a if count <= 0 else _nx.concatenate((_nx.zeros(count, a.dtype), a))


def _both(a1: Any, a2: Any) -> tuple[Any, Any]:
    """Coefficients of two polynomials, as many of one as of the other."""
    first, second = _nx.atleast_1d(a1), _nx.atleast_1d(a2)
    return _with_zeros(first, len(second) - len(first)), _with_zeros(second, len(first) - len(second))


@array_function_dispatch(lambda a1, a2: (a1, a2))
def polyadd(a1: Any, a2: Any) -> Any:
    """
    Sum of two polynomials.

    Parameters
    ----------
    a1, a2 : array_like or poly1d
        Coefficients.

    Returns
    -------
    ndarray or poly1d

    Examples
    --------
    >>> import wasmnp as np
    >>> np.polyadd([1, 2], [9, 5, 4])
    array([9, 6, 6])
    """
    first, second = _both(a1, a2)
    return _as_given(first + second, a1, a2)


@array_function_dispatch(lambda a1, a2: (a1, a2))
def polysub(a1: Any, a2: Any) -> Any:
    """
    Difference of two polynomials.

    Parameters
    ----------
    a1, a2 : array_like or poly1d
        Coefficients.

    Returns
    -------
    ndarray or poly1d

    Examples
    --------
    >>> import wasmnp as np
    >>> np.polysub([2, 10, -2], [3, 10, -4])
    array([-1,  0,  2])
    """
    first, second = _both(a1, a2)
    return _as_given(first - second, a1, a2)


@array_function_dispatch(lambda a1, a2: (a1, a2))
def polymul(a1: Any, a2: Any) -> Any:
    """
    Product of two polynomials.

    Parameters
    ----------
    a1, a2 : array_like or poly1d
        Coefficients.

    Returns
    -------
    ndarray or poly1d

    Examples
    --------
    >>> import wasmnp as np
    >>> np.polymul([1, 2, 3], [9, 5, 1])
    array([ 9, 23, 38, 17,  3])
    """
    first, second = poly1d(a1), poly1d(a2)
    return _as_given(_nx.convolve(asarray(first), asarray(second)), a1, a2)


@array_function_dispatch(lambda u, v: (u, v))
def polydiv(u: Any, v: Any) -> tuple[Any, Any]:
    """
    Quotient and remainder of two polynomials.

    Parameters
    ----------
    u, v : array_like or poly1d
        Coefficients of the dividend and of the divisor.

    Returns
    -------
    q, r : ndarray or poly1d

    Examples
    --------
    >>> import wasmnp as np
    >>> np.polydiv([3.0, 5.0, 2.0], [2.0, 1.0])
    (array([1.5 , 1.75]), array([0.25]))
    """
    dividend, divisor = _nx.atleast_1d(u) + 0.0, _nx.atleast_1d(v) + 0.0
    kind = _nx.result_type(dividend, divisor)
    m, n = len(dividend) - 1, len(divisor) - 1
    scale = 1.0 / divisor[0]
    quotient = _nx.zeros((max(m - n + 1, 1),), kind)
    rest = dividend.astype(kind)
    for k in range(m - n + 1):
        factor = scale * rest[k]
        quotient[k] = factor
        rest[k : k + n + 1] -= factor * divisor
    # What is left of the leading coefficients is rounding.
    while rest.shape[-1] > 1 and _nx.allclose(rest[0], 0, rtol=1e-14):
        rest = rest[1:]
    return _as_given(quotient, u, v), _as_given(rest, u, v)


_POWER = re.compile(r"\*\*([0-9]*)")


def _two_lines(text: str, width: int = 70) -> str:
    """A polynomial with its exponents on a line above."""
    done, above, below, start = " ", "", "", 0
    for match in _POWER.finditer(text):
        part, power = text[start : match.start()], match[1]
        start = match.end()
        part_above, part_below = " " * (len(part) - 1) + power, part + " " * (len(power) - 1)
        if len(above) + len(part_above) > width or len(below) + len(part_below) > width:
            done += f"{above}\n{below}\n "
            above, below = part_above, part_below
        else:
            above, below = above + part_above, below + part_below
    return f"{done}{above}\n{below}{text[start:]}"


def _number_text(value: Any) -> str:
    def real_text(part: Any) -> str:
        return f"{part:.4g}".removesuffix(".0000")

    if _nx.asanyarray(value).dtype.kind != "c" or value.imag == 0:
        return real_text(value.real)
    if value.real == 0:
        return f"{real_text(value.imag)}j"
    return f"({real_text(value.real)} + {real_text(value.imag)}j)"


@set_module()
class poly1d:
    """
    A polynomial in one variable.

    Parameters
    ----------
    c_or_r : array_like, 1-d
        Coefficients, the highest power first; or roots.
    r : bool
        Whether they are roots.
    variable : str, optional
        What the variable is called in text, x by default.

    Raises
    ------
    ValueError
        If they are not 1-d.

    Examples
    --------
    >>> import wasmnp as np
    >>> p = np.poly1d([1, 2, 3])
    >>> p(2), p.deriv()
    (np.int64(11), poly1d([2, 2]))
    """

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, c_or_r: Any, r: bool = False, variable: str | None = None) -> None:
        if isinstance(c_or_r, poly1d):
            self._variable = c_or_r._variable
            self._coeffs = c_or_r._coeffs
            for name in set(c_or_r.__dict__) - set(self.__dict__):
                self.__dict__[name] = c_or_r.__dict__[name]
            if variable is not None:
                self._variable = variable
            return
        if r:
            c_or_r = poly(c_or_r)
        coefficients = _nx.atleast_1d(c_or_r)
        if coefficients.ndim > 1:
            raise ValueError("Polynomial must be 1d only.")
        coefficients = trim_zeros(coefficients, trim="f")
        if len(coefficients) == 0:
            coefficients = _nx.zeros(1, dtype=coefficients.dtype)
        self._coeffs = coefficients
        self._variable = "x" if variable is None else variable

    @property
    def _coeffs(self) -> Any:
        return self.__dict__["coeffs"]

    @_coeffs.setter
    def _coeffs(self, coefficients: Any) -> None:
        self.__dict__["coeffs"] = coefficients

    @property
    def coeffs(self) -> Any:
        """The coefficients, which can be changed in place."""
        return self._coeffs

    @coeffs.setter
    def coeffs(self, value: Any) -> None:
        # `p.coeffs += 1` assigns what was changed in place.
        if value is not self._coeffs:
            raise AttributeError("Cannot set attribute")

    c = coef = coefficients = coeffs

    @property
    def variable(self) -> str:
        """What the variable is called."""
        return self._variable

    @property
    def order(self) -> int:
        """The degree."""
        return len(self._coeffs) - 1

    o = order

    @property
    def roots(self) -> Any:
        """The roots."""
        return roots(self._coeffs)

    r = roots

    def __array__(self, t: Any = None, copy: bool | None = None) -> ndarray:
        return asarray(self.coeffs, t) if t else asarray(self.coeffs)

    def __repr__(self) -> str:
        return f"poly1d({repr(self.coeffs)[6:-1]})"

    def __len__(self) -> int:
        return self.order

    def __str__(self) -> str:
        coefficients = (
            self.coeffs[int(_nx.argmax(self.coeffs != 0)) :] if _nx.any(self.coeffs != 0) else self.coeffs[:1]
        )
        degree = len(coefficients) - 1
        text = ""
        for place, one in enumerate(coefficients):
            number, power = _number_text(one), degree - place
            if number == "0" and (power or place):
                continue
            term = number + {0: "", 1: f" {self.variable}"}.get(power, f" {self.variable}**{power}")
            if not text:
                text = term
            else:
                text += f" - {term[1:]}" if term.startswith("-") else f" + {term}"
        return _two_lines(text)

    def __call__(self, val: Any) -> Any:
        """The value at a place."""
        return polyval(self.coeffs, val)

    def __neg__(self) -> poly1d:
        return poly1d(-self.coeffs)

    def __pos__(self) -> poly1d:
        return self

    def __mul__(self, other: Any) -> Any:
        return (
            poly1d(self.coeffs * other) if _nx.isscalar(other) else poly1d(polymul(self.coeffs, poly1d(other).coeffs))
        )

    def __rmul__(self, other: Any) -> Any:
        return (
            poly1d(other * self.coeffs) if _nx.isscalar(other) else poly1d(polymul(poly1d(other).coeffs, self.coeffs))
        )

    def __add__(self, other: Any) -> poly1d:
        return poly1d(polyadd(self.coeffs, poly1d(other).coeffs))

    __radd__ = __add__

    def __sub__(self, other: Any) -> poly1d:
        return poly1d(polysub(self.coeffs, poly1d(other).coeffs))

    def __rsub__(self, other: Any) -> poly1d:
        return poly1d(polysub(poly1d(other).coeffs, self.coeffs))

    def __pow__(self, val: Any) -> poly1d:
        if not _nx.isscalar(val) or int(val) != val or val < 0:
            raise ValueError("Power to non-negative integers only.")
        result: Any = [1]
        for _ in range(val):
            result = polymul(self.coeffs, result)
        return poly1d(result)

    def __truediv__(self, other: Any) -> Any:
        return poly1d(self.coeffs / other) if _nx.isscalar(other) else polydiv(self, poly1d(other))

    def __rtruediv__(self, other: Any) -> Any:
        return poly1d(other / self.coeffs) if _nx.isscalar(other) else polydiv(poly1d(other), self)

    def __eq__(self, other: object) -> Any:
        if not isinstance(other, poly1d):
            return NotImplemented
        return self.coeffs.shape == other.coeffs.shape and (self.coeffs == other.coeffs).all()

    def __ne__(self, other: object) -> Any:
        return not self == other if isinstance(other, poly1d) else NotImplemented

    def __getitem__(self, val: int) -> Any:
        place = self.order - val
        return self.coeffs[place] if 0 <= val <= self.order else self.coeffs.dtype.type(0)

    def __setitem__(self, key: int, val: Any) -> None:
        if key < 0:
            raise ValueError("Does not support negative powers.")
        if key > self.order:
            self._coeffs = _with_zeros(self.coeffs, key - self.order)
        self._coeffs[self.order - key] = val

    def __iter__(self) -> Any:
        return iter(self.coeffs)

    def integ(self, m: int = 1, k: Any = 0) -> poly1d:
        """An antiderivative, as `polyint` has it."""
        return poly1d(polyint(self.coeffs, m=m, k=k))

    def deriv(self, m: int = 1) -> poly1d:
        """The derivative, as `polyder` has it."""
        return poly1d(polyder(self.coeffs, m=m))
