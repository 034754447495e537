"""What single calls cost on small arrays, and what moving a million elements costs, beside NumPy.

The bars: a geometric mean of at most 0.75 of NumPy's time over the small rows, none above 1.05; over the large rows at
least 1.2 times NumPy's speed, none below 0.8.
"""

from __future__ import annotations

import math

from .timing import Row, measure

_SMALL = "a=np.arange(10.); b=a+1; m=a>4; i=np.array([1,3,5]); x=np.float64(1)"
SMALL = [
    Row(f"small {statement}", _SMALL, statement)
    for statement in (
        "a[1:3]",
        "a[m]",
        "a[i]",
        "np.array([1.,2.,3.])",
        "a.astype('f4')",
        "a.copy()",
        "a.T",
        "a.reshape(2,5)",
        "a.sum()",
        "a==b",
        "x+1",
        "np.concatenate((a,b))",
        "np.zeros(10)",
        "a.mean()",
    )
]
_LARGE = "; ".join(
    [
        "r=rng(0)",
        "a=np.array(memoryview(r.random(1000000)))",
        "m=a>0.5",
        "i=np.array(memoryview(r.integers(0,1000000,1000000)))",
        "s=a.reshape(1000,1000)",
        "n=np.array(memoryview(r.integers(0,100,1000000)))",
    ]
)
LARGE = [
    Row(f"1e6 {statement}", _LARGE, statement)
    for statement in (
        "a[m]",
        "a[i]",
        "a.take(i)",
        "a.repeat(2)",
        "np.concatenate((a,a))",
        "s.T.copy()",
        "a.astype('f4')",
        "a.astype('i4')",
        "n.astype('f8')",
        "n.astype('i4')",
    )
]


def run() -> int:
    """Print the rows with their ratios; 1 where a bar is missed."""
    import numpy

    import wasmnp

    missed = False
    for rows, small in ((SMALL, True), (LARGE, False)):
        logs = []
        for row in rows:
            result = measure(row, numpy, wasmnp, numpy.random.default_rng, 25)
            if result.ratio is None:
                print(f"{row.name:34} {result.error}")
                missed = True
                continue
            shown = 1 / result.ratio if small else result.ratio
            bad = shown > 1.05 if small else shown < 0.8
            missed |= bad
            logs.append(math.log(shown))
            print(f"{row.name:34} {shown:6.2f} {'x the time' if small else 'x the speed'}{'  missed' if bad else ''}")
        mean = math.exp(sum(logs) / len(logs))
        bad = mean > 0.75 if small else mean < 1.2
        missed |= bad
        print(f"{'geometric mean':34} {mean:6.2f}{'  missed' if bad else ''}\n")
    return int(missed)


if __name__ == "__main__":
    raise SystemExit(run())
