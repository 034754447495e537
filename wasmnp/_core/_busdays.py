"""Business days: which days of a week and of a year count, and arithmetic on them."""

from __future__ import annotations

from typing import Any

from ._multiarray_umath import array, asarray, dtype, empty, ndarray, where, zeros
from ._signatures import signature_from_text
from .overrides import array_function_dispatch

__all__ = ["busday_count", "busday_offset", "busdaycalendar", "datetime_as_string", "is_busday"]

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DATE = dtype("M8[D]")
_NAT = -(2**63)
_ROLLS = ("raise", "nat", "forward", "following", "backward", "preceding", "modifiedfollowing", "modifiedpreceding")


def _weekmask_of(weekmask: Any) -> ndarray:
    if isinstance(weekmask, bytes):
        weekmask = weekmask.decode("ascii")
    if isinstance(weekmask, str):
        text = weekmask.strip()
        if len(text) == 7 and set(text) <= {"0", "1"}:
            return array([digit == "1" for digit in text])
        words = "".join(text.split())
        names = [words[i : i + 3] for i in range(0, len(words), 3)]
        if not names or any(name not in _DAYS for name in names):
            raise ValueError(f'Invalid business day weekmask string "{weekmask}"')
        mask = array([day in names for day in _DAYS])
    else:
        mask = array(weekmask)
        if mask.ndim != 1 or mask.shape[0] != 7:
            raise ValueError("A business day weekmask array must have length 7")
        values = mask.tolist()
        if any(value not in (0, 1) for value in values):
            raise ValueError("A business day weekmask array must have all 1's and 0's")
        mask = array([bool(value) for value in values])
    if not mask.any():
        raise ValueError("Cannot construct a numpy.busdaycal with a weekmask of all zeros")
    return mask


def _days_of(dates: Any) -> ndarray:
    """Dates as days since 1970, as int64."""
    return array(dates, dtype=_DATE, copy=None).astype("i8")


def _weekday(days: Any) -> Any:
    return (days + 3) % 7  # 1970-01-01 was a Thursday, and 0 stands for Monday


class busdaycalendar:
    """
    The days that count as business days.

    Parameters
    ----------
    weekmask : str or array_like of bool
        Seven digits, seven bools, or names such as ``"Mon Wed"``.
    holidays : array_like of datetime64[D], optional
        Days that do not count.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.busdaycalendar("Mon Wed").weekmask.tolist()
    [True, False, True, False, False, False, False]
    """

    __slots__ = ("_holidays", "_weekmask")
    __signature__: Any

    def __init__(self, weekmask: Any = "1111100", holidays: Any = None) -> None:
        self._weekmask = _weekmask_of(weekmask)
        days = sorted({day for day in _days_of([] if holidays is None else holidays).ravel().tolist() if day != _NAT})
        kept = [day for day in days if self._weekmask[_weekday(day)]]
        self._holidays = array(kept, dtype="i8")

    @property
    def weekmask(self) -> ndarray:
        """Whether each day of the week counts, Monday first."""
        return self._weekmask.copy()

    @property
    def holidays(self) -> ndarray:
        """The days that do not count though their day of the week does, in order."""
        return self._holidays.view(_DATE)

    def _counts(self, days: ndarray) -> ndarray:
        """Whether each day is a business day."""
        place = self._holidays.searchsorted(days)
        if self._holidays.size:
            holiday = self._holidays[where(place < self._holidays.size, place, 0)] == days
        else:
            holiday = zeros(days.shape, "?")
        return self._weekmask[_weekday(days)] & ~holiday & (days != _NAT)

    def _before(self, days: ndarray) -> ndarray:
        """How many business days lie between a fixed Monday and each day, which does not count itself."""
        per_week = int(self._weekmask.sum())
        shifted = days + 3
        prefix = array([int(self._weekmask[:i].sum()) for i in range(7)])
        return shifted // 7 * per_week + prefix[shifted % 7] - self._holidays.searchsorted(days)


# As the signature of a function written in C, without annotations.
busdaycalendar.__signature__ = signature_from_text("(weekmask='1111100', holidays=None)")
busdaycalendar.__module__ = __name__.partition(".")[0]


def _calendar(weekmask: Any, holidays: Any, busdaycal: Any) -> busdaycalendar:
    if busdaycal is not None:
        if not isinstance(busdaycal, busdaycalendar):
            raise TypeError(f"busdaycal has to be a busdaycalendar, not {type(busdaycal).__name__}")
        if holidays is not None or (not isinstance(weekmask, str) or weekmask != "1111100"):
            raise ValueError(
                "Cannot supply both the weekmask/holidays and the busdaycal parameters to a business day function"
            )
        return busdaycal
    return busdaycalendar(weekmask, holidays)


def _given(result: ndarray, out: Any) -> Any:
    if out is None:
        return result[()] if result.ndim == 0 else result
    out[...] = result
    return out


@array_function_dispatch(
    lambda dates, weekmask=None, holidays=None, busdaycal=None, out=None: (dates, weekmask, holidays, out)
)
def is_busday(
    dates: Any, weekmask: Any = "1111100", holidays: Any = None, busdaycal: Any = None, out: Any = None
) -> Any:
    """
    Whether dates are business days.

    Parameters
    ----------
    dates : array_like of datetime64[D]
    weekmask, holidays
        As of `busdaycalendar`.
    busdaycal : busdaycalendar, optional
        In place of `weekmask` and `holidays`.
    out : ndarray of bool, optional

    Returns
    -------
    ndarray of bool

    Raises
    ------
    ValueError
        For a weekmask that is none, or both kinds of calendar.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.is_busday(["2011-07-01", "2011-07-02"])
    array([ True, False])
    """
    return _given(_calendar(weekmask, holidays, busdaycal)._counts(_days_of(dates)), out)


@array_function_dispatch(
    lambda begindates, enddates, weekmask=None, holidays=None, busdaycal=None, out=None: (
        begindates, enddates, weekmask, holidays, out,
    )
)  # fmt: skip
def busday_count(
    begindates: Any,
    enddates: Any,
    weekmask: Any = "1111100",
    holidays: Any = None,
    busdaycal: Any = None,
    out: Any = None,
) -> Any:
    """
    How many business days lie between dates, the first ones counted and the last ones not.

    Parameters
    ----------
    begindates, enddates : array_like of datetime64[D]
    weekmask, holidays, busdaycal
        As of `is_busday`.
    out : ndarray of int, optional

    Returns
    -------
    ndarray of int
        Negative where the end lies before the beginning.

    Raises
    ------
    ValueError
        For NaT.

    Examples
    --------
    >>> import wasmnp as np
    >>> int(np.busday_count("2011-01", "2011-02"))
    21
    """
    calendar = _calendar(weekmask, holidays, busdaycal)
    first, last = _days_of(begindates), _days_of(enddates)
    if (first == _NAT).any() or (last == _NAT).any():
        raise ValueError("Cannot compute a business day count with a NaT (not-a-time) date")
    turned = first > last
    # Counted backwards, the day that was the beginning does count and the end does not.
    count = calendar._before(last + turned) - calendar._before(first + turned)
    return _given(asarray(count), out)


@array_function_dispatch(
    lambda dates, offsets, roll=None, weekmask=None, holidays=None, busdaycal=None, out=None: (
        dates, offsets, weekmask, holidays, out,
    )
)  # fmt: skip
def busday_offset(
    dates: Any,
    offsets: Any,
    roll: str = "raise",
    weekmask: Any = "1111100",
    holidays: Any = None,
    busdaycal: Any = None,
    out: Any = None,
) -> Any:
    """
    Dates moved to business days, then by a number of business days.

    Parameters
    ----------
    dates : array_like of datetime64[D]
    offsets : array_like of int
    roll : str
        What dates that are no business days become: ``'raise'``, ``'nat'``, ``'forward'`` or ``'following'``,
        ``'backward'`` or ``'preceding'``, and ``'modifiedfollowing'`` or ``'modifiedpreceding'``, which turn round
        rather than leave the month.
    weekmask, holidays, busdaycal
        As of `is_busday`.
    out : ndarray of datetime64[D], optional

    Returns
    -------
    ndarray of datetime64[D]

    Raises
    ------
    ValueError
        For a date that is no business day with ``roll='raise'``, or another `roll`.

    Examples
    --------
    >>> import wasmnp as np
    >>> str(np.busday_offset("2011-10", 0, roll="forward"))
    '2011-10-03'
    """
    if roll not in _ROLLS:
        raise ValueError(f"Invalid business day roll parameter {roll!r}: one of {', '.join(_ROLLS)}")
    calendar = _calendar(weekmask, holidays, busdaycal)
    days = _days_of(dates)
    moves = asarray(offsets)
    if moves.dtype.kind not in "iu":
        raise TypeError(f"Cannot cast offsets from {moves.dtype!r} to dtype('int64') according to the rule 'safe'")
    missing = days == _NAT
    off = ~calendar._counts(days) & ~missing
    if roll == "raise" and off.any():
        raise ValueError("Non-business day date in busday_offset")
    if roll == "nat":
        missing, off = missing | off, zeros(days.shape, "?")
    if off.any():
        forward = roll in ("forward", "following", "modifiedfollowing")
        rolled = _rolled(calendar, days, 1 if forward else -1)
        if roll.startswith("modified"):
            month = days.view(_DATE).astype("M8[M]")
            left = rolled.view(_DATE).astype("M8[M]") != month
            rolled = where(left, _rolled(calendar, days, -1 if forward else 1), rolled)
        days = where(off, rolled, days)
    # The business day that has so many others before it.
    target = calendar._before(days) + moves
    result = _nth(calendar, asarray(target))
    result = where(missing, _NAT, result).astype("i8").view(_DATE)
    return _given(asarray(result), out)


def _rolled(calendar: busdaycalendar, days: ndarray, step: int) -> ndarray:
    """The nearest business day at or behind (before) each day."""
    days = array(days)
    while True:
        off = ~calendar._counts(days) & (days != _NAT)
        if not off.any():
            return days
        days = days + step * off.astype("i8")


def _nth(calendar: busdaycalendar, counts: ndarray) -> ndarray:
    """The business day that has `counts` of them before it, by bisection."""
    per_week = int(calendar._weekmask.sum())
    slack = 7 * (calendar._holidays.size + 8)
    guess = counts * 7 // per_week
    low, high = guess - slack, guess + slack
    while (low < high).any():
        middle = (low + high) // 2
        enough = calendar._before(middle + 1) > counts
        high = where(enough, middle, high)
        low = where(enough, low, middle + 1)
    return low


@array_function_dispatch(lambda arr, unit=None, timezone="naive", casting="same_kind": (arr,))
def datetime_as_string(arr: Any, unit: Any = None, timezone: Any = "naive", casting: str = "same_kind") -> Any:
    """
    The ISO 8601 texts of points in time.

    Parameters
    ----------
    arr : array_like of datetime64
    unit : str, optional
        The last part that is shown; ``'auto'`` drops zeros at the end. Without it, the unit of the type.
    timezone : {'naive', 'UTC', 'local'} or tzinfo
        ``'UTC'`` adds a Z.
    casting : str
        What may be left out.

    Returns
    -------
    ndarray of str

    Raises
    ------
    TypeError
        For other types, or where the unit loses parts that `casting` keeps.

    Examples
    --------
    >>> import wasmnp as np
    >>> str(np.datetime_as_string(np.datetime64("2002-10-27T04:30"), timezone="UTC"))
    '2002-10-27T04:30Z'
    """
    from ._multiarray_umath import can_cast, datetime_data

    points = asarray(arr)
    if points.dtype.kind != "M":
        raise TypeError("input must have type NumPy datetime")
    if unit is not None and unit != "auto":
        kind = dtype(f"M8[{unit}]")
        if datetime_data(points.dtype)[0] != "generic" and not can_cast(points.dtype, kind, casting=casting):
            raise TypeError(
                f"Cannot create a datetime string as units '{unit}' from a NumPy datetime with units "
                f"'{datetime_data(points.dtype)[0]}' according to casting rule '{casting}'"
            )
        points = points.astype(kind)
    if timezone not in ("naive", "UTC"):
        points, suffix = _in_zone(points, timezone)
    else:
        suffix = "Z" if timezone == "UTC" and datetime_data(points.dtype)[0] not in ("Y", "M", "W", "D") else ""
    texts = points.astype(str)
    if suffix or unit == "auto":
        out = empty(texts.shape, object)
        flat, shown = out.reshape(-1), texts.reshape(-1).tolist()
        for i, text in enumerate(shown):
            if unit == "auto" and "." in text:
                text = text.rstrip("0").rstrip(".")
            flat[i] = text if text == "NaT" else text + (suffix[i] if isinstance(suffix, list) else suffix)
        texts = out.astype(str)
    return texts[()] if texts.ndim == 0 else texts


def _in_zone(points: ndarray, zone: Any) -> tuple[ndarray, list[str]]:
    """The points as the clocks of a time zone show them, and their offsets as text."""
    import datetime

    if zone == "local":
        zone = None
    elif not isinstance(zone, datetime.tzinfo):
        raise ValueError(f"timezone={zone!r} must be 'naive', 'UTC', 'local' or a tzinfo")
    shifts, texts = [], []
    for seconds in points.astype("M8[s]").astype("i8").reshape(-1).tolist():
        if seconds == _NAT:
            shifts.append(0)
            texts.append("")
            continue
        moment = datetime.datetime.fromtimestamp(seconds, datetime.UTC).astimezone(zone)
        shift = int(moment.utcoffset().total_seconds())
        shifts.append(shift)
        texts.append(f"{'-' if shift < 0 else '+'}{abs(shift) // 3600:02d}{abs(shift) // 60 % 60:02d}")
    return points + array(shifts, dtype="m8[s]").reshape(points.shape), texts
