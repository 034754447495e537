"""Code made at run time in Chromium's own engine, in a page."""

from __future__ import annotations


def test_functions_compiled_in_the_page(python) -> None:
    answer = python.run("""
        import wasmnp as np
        from wasmnp import jit
        wave = jit.vectorize("def wave(x): return np.exp(-x * x) * np.sin(3 * x)")
        x = (np.arange(1001) / 100).astype("float32")
        triangle = jit.jit('''
        def triangle(a, out):
            total = 0
            for i in range(len(a)):
                if a[i] < 0:
                    continue
                total += a[i]
                out[i] = total
            return total
        ''')
        out = np.zeros(4, "int32")
        total = triangle(np.array([1, -1, 2, 3], "int32"), out)
        try:
            jit.jit("def f(x):\\n    return [x]")(1)
        except jit.CompileError as error:
            message = str(error)
        [wave(x).tobytes() == (np.exp(-x * x) * np.sin(3 * x)).tobytes(), int(total), out.tolist(), message[:12]]
    """)
    assert answer == [True, 6, [1, 0, 3, 6], "<source>:2: "]


def test_modules_come_and_go(python) -> None:
    """The function table grows no further than what is alive needs."""
    answer = python.run("""
        import gc
        from wasmnp import jit
        from wasmnp.jit import userland
        for index in range(600):
            function = jit.vectorize(f"def f(x): return x + {index}")
            assert function(1.0) == 1.0 + index
        del function
        userland._cache.clear()
        gc.collect()
        import js
        table = js.python._module.wasmTable
        before = table.length
        for index in range(600):
            assert jit.vectorize(f"def f(x): return x - {index}")(1.0) == 1.0 - index
            userland._cache.clear()
        [before, table.length]
    """)
    before, after = answer
    assert 0 < before <= after <= before + 64
