"""Standing in for NumPy: ``import numpy`` gives wasmnp."""


def install_as_numpy() -> None:
    """Make ``import numpy`` give wasmnp in this process.

    Public types and functions then say ``numpy`` in ``__module__`` and in pickles, and ``importlib.metadata`` finds a
    distribution ``numpy``. Calling it again changes nothing.

    Raises
    ------
    ImportError
        If NumPy itself has been imported already.

    Examples
    --------
    >>> import wasmnp
    >>> wasmnp.install_as_numpy()  # doctest: +SKIP
    >>> import numpy  # doctest: +SKIP
    >>> numpy.ndarray.__module__  # doctest: +SKIP
    'numpy'
    """
    from ._as_numpy import install  # its imports cost more than the rest of the package

    install()
