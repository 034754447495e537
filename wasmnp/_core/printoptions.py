"""Options of array text: one dictionary per context, replaced as a whole."""

from __future__ import annotations

import contextlib
import contextvars
import math
import operator
import sys
import warnings
from typing import Any

from ._multiarray_umath import _set_print_options

__all__ = ["get_printoptions", "printoptions", "set_printoptions"]

_FLOAT_MODES = ("fixed", "unique", "maxprec", "maxprec_equal")

# Styles of old versions, as numbers in their order; the current style is beyond them all.
CURRENT_STYLE = sys.maxsize
_LEGACY_STYLES = {"1.13": 113, "1.21": 121, "1.25": 125, "2.1": 201, "2.2": 202, False: CURRENT_STYLE}
_LEGACY_NAMES = {style: name for name, style in _LEGACY_STYLES.items()}

# Replaced as a whole, never changed in place.
format_options: contextvars.ContextVar[dict[str, Any]] = contextvars.ContextVar(
    "printoptions",
    default={  # noqa: B039
        "edgeitems": 3,
        "threshold": 1000,
        "floatmode": "maxprec",
        "precision": 8,
        "suppress": False,
        "linewidth": 75,
        "nanstr": "nan",
        "infstr": "inf",
        "sign": "-",
        "formatter": None,
        "legacy": CURRENT_STYLE,
        "override_repr": None,
    },
)
_set_print_options(format_options)  # scalars look into it, too


def legacy_style() -> int:
    """The style in force: 113 for '1.13', ..., 202 for '2.2', and more for the current one."""
    return format_options.get()["legacy"]


def _legacy_style(name: Any) -> int | None:
    try:
        return _LEGACY_STYLES[name]
    except (KeyError, TypeError):
        names = ", ".join(repr(mode) for mode in _LEGACY_STYLES if mode)
        warnings.warn(
            f"legacy printing option can currently only be {names} or `False`, not {name!r}: it is left as it is",
            stacklevel=4,
        )
        return None


def checked_options(given: dict[str, Any]) -> dict[str, Any]:
    """The options that were given (not None), after checking their values."""
    options = {name: value for name, value in given.items() if value is not None}
    if "suppress" in options:
        options["suppress"] = bool(options["suppress"])
    if options.get("floatmode", "fixed") not in _FLOAT_MODES:
        names = ", ".join(f'"{mode}"' for mode in _FLOAT_MODES)
        raise ValueError(f"floatmode option must be one of {names}, not {options['floatmode']!r}")
    if options.get("sign", "-") not in ("-", "+", " "):
        raise ValueError(f"sign option must be one of ' ', '+', or '-', not {options['sign']!r}")
    if "legacy" in options:
        style = _legacy_style(options.pop("legacy"))
        if style is not None:
            options["legacy"] = style
    if "threshold" in options:
        threshold = options["threshold"]
        if not isinstance(threshold, (int, float)) and not hasattr(threshold, "__float__"):
            raise TypeError("threshold must be numeric")
        if math.isnan(threshold):
            raise ValueError("threshold must be non-NAN, try sys.maxsize for untruncated representation")
    if "precision" in options:
        try:
            options["precision"] = operator.index(options["precision"])
        except TypeError as error:
            raise TypeError("precision must be an integer") from error
    return options


def set_printoptions(
    precision=None,
    threshold=None,
    edgeitems=None,
    linewidth=None,
    suppress=None,
    nanstr=None,
    infstr=None,
    formatter=None,
    sign=None,
    floatmode=None,
    *,
    legacy=None,
    override_repr=None,
):
    """
    Set how arrays are displayed.

    Parameters
    ----------
    precision : int or None, optional
        Digits after the point, at most (`floatmode` says how it is used). Default 8.
    threshold : int, optional
        Arrays with more elements are summarised. Default 1000.
    edgeitems : int, optional
        Elements shown at each end of an axis of a summarised array. Default 3.
    linewidth : int, optional
        Characters per line. Default 75.
    suppress : bool, optional
        If True, always write positional numbers, never scientific ones. Default False.
    nanstr, infstr : str, optional
        Texts of not-a-number and infinity.
    formatter : dict of callables, optional
        Functions that format elements, by type: ``bool``, ``int``, ``float``, ``complexfloat``, ``object``, ..., or
        by group: ``all``, ``int_kind``, ``float_kind``, ``complex_kind``, ``str_kind``.
    sign : {'-', '+', ' '}, optional
        '+' writes the sign of positive numbers, ' ' a space in its place, '-' nothing.
    floatmode : {'maxprec', 'maxprec_equal', 'unique', 'fixed'}, optional
        'fixed': exactly `precision` digits after the point. 'unique': as many as each element needs. 'maxprec': at
        most `precision`, fewer where an element needs fewer. 'maxprec_equal': the same, with equally many for all.
    legacy : {False, '1.13', '1.21', '1.25', '2.1', '2.2'}, optional
        Print as that version of NumPy did, each style with the differences of the later ones: '2.2' writes large
        float16 and float32 numbers without exponents, '2.1' does not show the shape of summarised arrays, '1.25' shows
        scalars like Python's numbers, '1.21' sets no spaces in long texts of structured types, '1.13' leaves room
        for signs and wraps lines later. False is the current style.
    override_repr : callable or None, optional
        Replaces the function behind ``repr(array)``.

    See Also
    --------
    get_printoptions, printoptions, array2string

    Examples
    --------
    >>> import wasmnp as np
    >>> np.set_printoptions(precision=4)
    >>> np.array([1.123456789])
    array([1.1235])
    >>> np.set_printoptions(precision=8)
    """
    given = dict(locals())
    formatter = given.pop("formatter")
    override_repr = given.pop("override_repr")
    # A call without these two resets them, as in NumPy.
    options = {**format_options.get(), **checked_options(given), "formatter": formatter, "override_repr": override_repr}
    if options["legacy"] == _LEGACY_STYLES["1.13"]:
        options["sign"] = "-"  # which in this style leaves room for a sign
    format_options.set(options)


def get_printoptions():
    """
    Return the current print options as a dictionary.

    Returns
    -------
    dict
        The keyword arguments of `set_printoptions` and their values.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.get_printoptions()["linewidth"]
    75
    """
    options = dict(format_options.get())
    options["legacy"] = _LEGACY_NAMES[options["legacy"]]
    return options


@contextlib.contextmanager
def printoptions(*args, **kwargs):
    """
    Context manager that sets print options and restores the old ones; arguments as for `set_printoptions`.

    Yields
    ------
    dict
        The options in force inside the block.

    Examples
    --------
    >>> import wasmnp as np
    >>> with np.printoptions(precision=2):
    ...     print(np.array([2.0]) / 3)
    [0.67]
    """
    token = format_options.set(format_options.get())
    try:
        set_printoptions(*args, **kwargs)
        yield get_printoptions()
    finally:
        format_options.reset(token)
