"""Arrays in files: what one package writes, the other reads, and the bytes are the same."""

from __future__ import annotations

import contextlib
import io
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

import wasmnp

from ..core.differential import DTYPES, SWAPPED, same

SHAPES = [(), (0,), (3,), (2, 3), (2, 0, 3), (1, 2, 3, 4)]


def sample(xp: Any, dtype: str, shape: tuple[int, ...], layout: str = "C") -> Any:
    count = numpy.prod(shape, dtype=int)
    array = xp.arange(count, dtype="f4").astype(dtype).reshape(shape)
    if layout == "F":
        return xp.asfortranarray(array)
    return array[..., ::-1] if layout == "reversed" and shape else array


def written(xp: Any, array: Any, **options: Any) -> bytes:
    file = io.BytesIO()
    xp.lib.format.write_array(file, array, **options)
    return file.getvalue()


@pytest.mark.parametrize("layout", ["C", "F", "reversed"])
@pytest.mark.parametrize("dtype", DTYPES + SWAPPED)
def test_bytes_are_numpys(dtype: str, layout: str) -> None:
    for shape in SHAPES:
        for version in (None, (1, 0), (2, 0), (3, 0)):
            ours = written(wasmnp, sample(wasmnp, dtype, shape, layout), version=version)
            assert ours == written(numpy, sample(numpy, dtype, shape, layout), version=version)
        same(lambda xp, data=ours: xp.load(io.BytesIO(data)))


@pytest.mark.parametrize("fields", [40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50])
def test_padding_of_headers(fields: int) -> None:
    def header(xp: Any) -> bytes:
        file = io.BytesIO()
        d = {"shape": (3,), "fortran_order": False, "descr": [("x" * fields, "<i4")]}
        xp.lib.format.write_array_header_1_0(file, d)
        return file.getvalue()

    assert header(wasmnp) == header(numpy)


def headed(text: str, data: bytes = b"", version: tuple[int, int] = (1, 0)) -> io.BytesIO:
    header = text.encode() + b"\n"
    form = "<H" if version == (1, 0) else "<I"
    return io.BytesIO(b"\x93NUMPY" + bytes(version) + struct.pack(form, len(header)) + header + data)


@pytest.mark.parametrize(
    "text",
    [
        "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': [1]}",
        "{'descr': '<f8', 'fortran_order': 0, 'shape': (1,)}",
        "{'descr': 'zz', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'more': 1}",
        "{'descr': '<f8', 'shape': (1,)}",
        "{'descr': '|O', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (__import__('os').getpid(),)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3)}",
        "[1]",
        "(" * 5000,
        "{" * 9000,
    ],
)
def test_bad_files_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        wasmnp.load(headed(text, b"1234567"))


def test_huge_shapes_are_refused(tmp_path: Path) -> None:
    text = "{'descr': '<f8', 'fortran_order': False, 'shape': (%s,)}"
    for length in (10**15, 10**30):
        file = headed(text % length, b"12345678")
        with pytest.raises((ValueError, MemoryError, OverflowError)):
            wasmnp.load(file)
        path = tmp_path / "huge.npy"
        path.write_bytes(file.getvalue())
        with pytest.raises(ValueError, match="could only read 1 elements"):
            wasmnp.load(path)
        with pytest.raises((ValueError, OverflowError)):
            wasmnp.load(path, mmap_mode="r")
    with pytest.raises(ValueError, match="Header info length"):
        wasmnp.load(headed("{" + " " * 20000 + "}", version=(2, 0)))


@given(st.binary(max_size=200), st.integers(0, 150))
def test_damaged_files_raise(noise: bytes, place: int) -> None:
    data = written(wasmnp, wasmnp.arange(3))
    damaged = io.BytesIO(data[:place] + noise + data[place + len(noise) :])
    with contextlib.suppress(ValueError, EOFError, MemoryError):
        wasmnp.load(damaged)


@pytest.mark.filterwarnings("ignore:Reading")
def test_headers_of_python_2() -> None:
    text = "{'descr': '<i4', 'fortran_order': False, 'shape': (2L,)}"
    assert wasmnp.load(headed(text, bytes(8))).tolist() == [0, 0]


def test_archives(tmp_path: Path) -> None:
    path = tmp_path / "arrays"
    for writer, reader in ((wasmnp, numpy), (numpy, wasmnp), (wasmnp, wasmnp)):
        for save in (writer.savez, writer.savez_compressed):
            save(path, writer.arange(3), x=writer.ones((2, 2)), **{"a/b": 1})
            with reader.load(f"{path}.npz") as archive:
                assert sorted(archive) == sorted(archive.files) == ["a/b", "arr_0", "x"]
                assert archive["arr_0"].tolist() == archive["arr_0.npy"].tolist() == [0, 1, 2]
                assert archive.f.x.shape == (2, 2) and "y" not in archive
                with pytest.raises(KeyError, match="y is not a file"):
                    archive["y"]
            assert archive.zip is None and archive.fid is None
    with pytest.raises(ValueError, match="arr_0"):
        wasmnp.savez(io.BytesIO(), 1, arr_0=2)


@pytest.mark.parametrize("dtype", ["u1", ">f4", "c16"])
def test_files_in_memory(tmp_path: Path, dtype: str) -> None:
    for shape in SHAPES:
        for order in "CF":
            path = tmp_path / "array.npy"
            array = sample(wasmnp, dtype, shape, order)
            wasmnp.save(path, array)
            mapped = wasmnp.load(path, mmap_mode="r+")
            assert isinstance(mapped, wasmnp.memmap) and mapped.filename == path.resolve()
            assert mapped.shape == array.shape and mapped.tolist() == array.tolist() and mapped.strides == array.strides
            mapped[...] = 1
            mapped.flush()
            assert wasmnp.load(path).tolist() == wasmnp.ones(array.shape, dtype).tolist()


def test_mapped_memory(tmp_path: Path) -> None:
    def body(xp: Any) -> Any:
        path = tmp_path / xp.__name__
        new = xp.memmap(path, "f4", "w+", offset=4099, shape=(2, 3))
        new[:] = 7
        part = new[1:]
        kinds = [type(x).__name__ for x in (part, new[[0]], new + 1, new.sum(), new.sum(0), new.copy(), new.T)]
        copied = xp.memmap(path, "f4", "c", offset=4099)
        copied[0] = 1
        again = xp.memmap(str(path), "f4", "readonly", offset=4099)
        attributes = (part._mmap is new._mmap, part.offset, part.mode, new.copy()._mmap, again.flags.writeable)
        return kinds, attributes, copied, again

    same(body)
    for mode in ("z", "w+"):
        with pytest.raises(ValueError, match="mode"):
            wasmnp.memmap(tmp_path / "none", mode=mode)
    (tmp_path / "odd").write_bytes(b"12345")
    with pytest.raises(ValueError, match="multiple"):
        wasmnp.memmap(tmp_path / "odd", "f4")


def test_objects_ask_for_pickles() -> None:
    file = io.BytesIO()
    wasmnp.save(file, wasmnp.array([None, "x"], dtype=object))
    with pytest.raises(ValueError, match="allow_pickle"):
        wasmnp.load(io.BytesIO(file.getvalue()))
    assert wasmnp.load(io.BytesIO(file.getvalue()), allow_pickle=True).tolist() == [None, "x"]
    for source in ("objarr.npy", "np0-objarr.npy"):
        path = Path(numpy.__file__).parent / "lib/tests/data" / f"py2-{source}"
        loaded = [wasmnp.load(path, allow_pickle=True, encoding=encoding) for encoding in ("bytes", "latin1")]
        assert [array.tolist()[:3] for array in loaded] == [[None, range, "\u512a\u826f"]] * 2
    assert numpy.load(path, allow_pickle=True, encoding="latin1").tolist() == loaded[1].tolist()


@pytest.mark.parametrize("compressed", [False, True])
def test_members_of_archives_get_the_memory_that_they_fill(compressed: bool) -> None:
    header = io.BytesIO()
    wasmnp.lib.format.write_array_header_1_0(header, {"descr": "<f8", "fortran_order": False, "shape": (1 << 42,)})
    for data, error in ((header.getvalue() + bytes(800), "EOF: reading array data"), (header.getvalue()[:40], "EOF")):
        file = io.BytesIO()
        kind = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
        with zipfile.ZipFile(file, "w", kind) as archive:
            archive.writestr("a.npy", data)
            archive.writestr("b.npy", written(wasmnp, wasmnp.arange(5.0)))
        file.seek(0)
        with wasmnp.load(file) as loaded:
            with pytest.raises(ValueError, match=error):
                loaded["a"]
            assert loaded["b"].tolist() == [0, 1, 2, 3, 4]
