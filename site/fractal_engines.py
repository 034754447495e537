"""What the fractal page's worker calls: the visitor's kernel, compiled and run in four ways.

A kernel is the text of one Python function of three numbers: the pixel's place ``x`` and ``y`` in the plane, and
``limit``, the most turns that its loop may take. It gives the number that the page turns into a colour.
"""

from __future__ import annotations

import ast
import asyncio
import math
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import wasmnp as np
from wasmnp import jit

SIGNATURE = ["float32(float32, float32, int32)"]
# The interpreter paints a picture that is smaller by this factor in both directions.
REDUCTION = 8
# How long the interpreter paints, in seconds, before it lets the page's messages in.
_TURN = 0.05

_SCALAR_LOOP = """
def paint(picture, left, top, step, limit):
    rows, columns = picture.shape
    for i in range(rows):
        for j in range(columns):
            picture[i, j] = kernel(np.float32(left + j * step), np.float32(top + i * step), limit)
"""


class KernelProblem(Exception):
    """Something wrong with the visitor's text: what, and in which line where that is known."""

    def __init__(self, message: str, line: int | None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


class EngineMissing(Exception):
    """This browser does not have what an engine needs."""


@dataclass(frozen=True)
class View:
    """The part of the plane that a picture shows: its left upper corner, and the side of a pixel."""

    left: float
    top: float
    step: float
    columns: int
    rows: int
    limit: int

    @classmethod
    def around(cls, x: float, y: float, width: float, columns: int, rows: int, limit: int) -> View:
        """The view with its centre at (x, y), ``width`` wide. The imaginary axis points down the picture's rows."""
        step = width / columns
        return cls(x - (columns - 1) / 2 * step, y - (rows - 1) / 2 * step, step, columns, rows, limit)

    def reduced(self, factor: int) -> View:
        """The same part of the plane with fewer pixels."""
        columns, rows = max(self.columns // factor, 1), max(self.rows // factor, 1)
        step = self.step * self.columns / columns
        shift = (step - self.step) / 2
        return View(self.left + shift, self.top + shift, step, columns, rows, self.limit)

    def places(self) -> tuple[np.ndarray, np.ndarray]:
        """The pixels' x as a row and their y as a column, float32."""
        x = (self.left + np.arange(self.columns) * self.step).astype("float32")
        y = (self.top + np.arange(self.rows) * self.step).astype("float32")
        return x, y.reshape(self.rows, 1)


@dataclass
class Picture:
    """Numbers of the pixels, row by row (float32), how long they took, and the pixels' count."""

    values: np.ndarray
    seconds: float
    columns: int
    rows: int
    scale: float = 1.0  # how many times more pixels the whole picture has
    remark: str = ""


def problem_in(error: BaseException, name: str = "<source>") -> KernelProblem:
    """An error that a visitor's text raised, with the line of the text."""
    message = getattr(error, "message", None) or str(error) or type(error).__name__
    location = getattr(error, "location", None)
    if location is not None:
        return KernelProblem(message, location.line)
    if isinstance(error, SyntaxError):
        return KernelProblem(f"this is not Python: {error.msg}", error.lineno)
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == name]
    return KernelProblem(f"{type(error).__name__}: {message}", lines[-1] if lines else None)


def checked(source: str) -> str:
    """The name of the function that a text defines.

    Raises
    ------
    KernelProblem
        If the text is not one function of three plain parameters.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise problem_in(error) from error
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    if len(functions) != 1:
        raise KernelProblem("the kernel is one function, written with def", functions[1].lineno if functions else 1)
    (function,) = functions
    count = len(function.args.posonlyargs) + len(function.args.args)
    if count != 3:
        raise KernelProblem(f"the kernel takes three numbers, such as (x, y, limit); here are {count}", function.lineno)
    return function.name


class Engine:
    """One way to run a kernel: made for its source, it paints views.

    Attributes
    ----------
    name : str
        What the page calls it.
    """

    name: str

    @staticmethod
    async def open() -> None:
        """Make ready what all kernels share; raises EngineMissing where there is no such thing."""

    async def paint(self, view: View, superseded: Callable[[], bool]) -> Picture | None:
        """Paint; give up with None where something newer waits, if it is worth asking."""
        raise NotImplementedError


class Interpreter(Engine):
    """The kernel as Python runs it, on a smaller picture."""

    name = "interpreter"

    def __init__(self, source: str) -> None:
        name = checked(source)
        names: dict[str, Any] = {"np": np, "math": math}
        exec(compile(source, "<source>", "exec"), names)
        self.kernel = names[name]

    async def paint(self, view: View, superseded: Callable[[], bool]) -> Picture | None:
        small = view.reduced(REDUCTION)
        xs = [small.left + j * small.step for j in range(small.columns)]
        numbers: list[float] = []
        seconds, start = 0.0, time.perf_counter()
        for i in range(small.rows):
            y = small.top + i * small.step
            numbers += [self.kernel(x, y, small.limit) for x in xs]
            now = time.perf_counter()
            if now - start > _TURN:
                seconds += now - start
                await asyncio.sleep(0)
                if superseded():
                    return None
                start = time.perf_counter()
        seconds += time.perf_counter() - start
        scale = view.columns * view.rows / (small.columns * small.rows)
        values = np.array([float(number) for number in numbers], dtype="float32")
        return Picture(values, seconds, small.columns, small.rows, scale)


class Scalar(Engine):
    """A loop over pixels, compiled by `jit`."""

    name = "scalar"

    def __init__(self, source: str) -> None:
        checked(source)
        self.loop = jit.jit(_SCALAR_LOOP, names={"kernel": jit.jit(source)})

    async def paint(self, view: View, superseded: Callable[[], bool]) -> Picture:
        picture = np.empty((view.rows, view.columns), dtype="float32")
        start = time.perf_counter()
        self.loop(picture, view.left, view.top, view.step, np.int32(view.limit))
        return Picture(picture, time.perf_counter() - start, view.columns, view.rows)


class Vector(Engine):
    """A ufunc, compiled by `vectorize`: four pixels in each instruction."""

    name = "simd"

    def __init__(self, source: str) -> None:
        checked(source)
        self.kernel = jit.vectorize(SIGNATURE)(source)

    async def paint(self, view: View, superseded: Callable[[], bool]) -> Picture:
        start = time.perf_counter()
        values = self.kernel(*view.places(), np.int32(view.limit))
        return Picture(values, time.perf_counter() - start, view.columns, view.rows)


class Device(Engine):
    """The kernel in a compute shader. The time includes the way of the picture back to this page's memory."""

    name = "webgpu"

    def __init__(self, source: str) -> None:
        checked(source)
        self.kernel = jit.vectorize(SIGNATURE, target="webgpu")(source)

    @staticmethod
    async def open() -> None:
        try:
            await np.webgpu.init_async()
        except (ImportError, RuntimeError) as error:
            raise EngineMissing(str(error)) from error

    async def paint(self, view: View, superseded: Callable[[], bool]) -> Picture:
        x, y = (np.webgpu.asarray(places) for places in view.places())
        start = time.perf_counter()
        values = await self.kernel(x, y, np.int32(view.limit)).to_host_async()
        seconds = time.perf_counter() - start
        software = np.webgpu.device_info()["adapter"]["adapter_type"] == "CPU"
        return Picture(values, seconds, view.columns, view.rows, remark="emulated in software" if software else "")


ENGINES: dict[str, Any] = {engine.name: engine for engine in (Device, Vector, Scalar, Interpreter)}


@dataclass
class Studio:
    """Engines by name, each with the kernel that it was made for last."""

    engines: dict[str, tuple[str, Engine]] = field(default_factory=dict)

    async def paint(
        self,
        name: str,
        source: str,
        x: float,
        y: float,
        width: float,
        columns: int,
        rows: int,
        limit: int,
        superseded: Callable[[], bool],
    ) -> dict[str, Any] | None:
        """
        Paint with one engine, compiling the kernel if it is new.

        Parameters
        ----------
        name : {"webgpu", "simd", "scalar", "interpreter"}
        source : str
            The kernel.
        x, y, width : float
            Centre and width of the view in the plane.
        columns, rows : int
            Pixels of the picture.
        limit : int
            The kernel's third argument.
        superseded : callable
            Tells whether a newer request waits; slow engines ask, and give up.

        Returns
        -------
        dict or None
            A message of the worker without its id; None where the engine gave up. Errors of the kernel are an answer
            too, of kind ``"failed"``, with their line.
        """
        view = View.around(x, y, width, columns, rows, limit)
        try:
            await ENGINES[name].open()
            known, engine = self.engines.get(name, ("", None))
            compiling = 0.0
            if engine is None or known != source:
                start = time.perf_counter()
                engine = ENGINES[name](source)
                if name != "interpreter":
                    # Some compile when they run first, so the time of compilation is what a first run takes longer.
                    await engine.paint(view, superseded)
                    compiling = time.perf_counter() - start
                self.engines[name] = source, engine
            picture = await engine.paint(view, superseded)
        except EngineMissing as error:
            return {"kind": "missing", "message": str(error)}
        except Exception as error:
            problem = error if isinstance(error, KernelProblem) else problem_in(error)
            return {"kind": "failed", "message": problem.message, "line": problem.line}
        if picture is None:
            return None
        return {
            "kind": "picture",
            "values": memoryview(picture.values).cast("B").cast("f"),
            "columns": picture.columns,
            "rows": picture.rows,
            "milliseconds": picture.seconds * 1000,
            "compileMilliseconds": max(compiling - picture.seconds, 0.0) * 1000,
            "scale": picture.scale,
            "remark": picture.remark,
        }
