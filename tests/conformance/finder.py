"""`numpy` means the candidate, in this process and in every Python process that it starts.

Copied as sitecustomize.py into a folder on PYTHONPATH by yardstick.make_tree, so that it is also in force in the
subprocesses and multiprocessing children which NumPy's tests start. It therefore uses the standard library alone and
gets its settings from the environment:

    NPCONF_CANDIDATE   the package to judge ("numpy" for the real one)
    NPCONF_IDENTITY    "alias": numpy.X.Y is the very module <candidate>.X.Y; "as-numpy": the candidate's files are
                       loaded under the name numpy, and <candidate>.X.Y is the alias
    NPCONF_TREE        copy of NumPy's test files
    NPCONF_REAL        folder of the real numpy, of which nothing but helpers may be loaded
    NPCONF_HELPERS     JSON: name of a compiled test helper -> "so:PATH" or "stub:REASON"
"""

import importlib
import importlib.machinery
import importlib.util
import json
import os
import sys
import types

CANDIDATE = os.environ.get("NPCONF_CANDIDATE")
IDENTITY = os.environ.get("NPCONF_IDENTITY", "alias")
TREE = os.environ.get("NPCONF_TREE")
REAL = os.environ.get("NPCONF_REAL")
HELPERS = json.loads(os.environ.get("NPCONF_HELPERS") or "{}")
path_search = importlib.machinery.PathFinder.find_spec


class CABIUnavailable(Exception):
    """A test called into a compiled helper that cannot be loaded on the candidate."""


class AliasLoader:
    """Loads a module by handing out one that exists, and leaves its own spec in place."""

    def __init__(self, module):
        self.module, self.spec = module, getattr(module, "__spec__", None)

    def create_module(self, spec):
        return self.module

    def exec_module(self, module):
        module.__spec__ = self.spec


class Unavailable(type):
    """A class in the place of whatever a compiled helper has: it may be named, and raises CABIUnavailable when used.

    While test files are imported, which may use helpers in the parameters of a few tests, calls give the class itself
    and it stands for a data type that `is_unavailable` knows.
    """

    importing = False
    used = None  # the last one that was used

    def stand_in(cls):
        if Unavailable.importing:
            return None
        Unavailable.used = f"{cls.__module__}.{cls.__name__}: {cls.reason}"
        raise CABIUnavailable(Unavailable.used)

    def __call__(cls, *arguments, **keywords):
        cls.stand_in()
        return cls

    @property
    def dtype(cls):
        cls.stand_in()
        return importlib.import_module("numpy").dtype("O", metadata={"unavailable": cls})


def is_unavailable(value):
    """Whether a parameter of a test is, or has the data type of, what a compiled helper would have given."""
    if isinstance(value, Unavailable):
        return True
    metadata = getattr(getattr(value, "dtype", value), "metadata", None)
    return isinstance(metadata, dict | types.MappingProxyType) and "unavailable" in metadata


class StubLoader:
    """Loads a module whose attributes are all classes of the kind above."""

    def __init__(self, reason):
        self.reason = reason

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        def get(attribute):
            if attribute.startswith("__"):
                raise AttributeError(attribute)
            members = {"__module__": module.__name__, "reason": self.reason}
            setattr(module, attribute, Unavailable(attribute, (), members))
            return getattr(module, attribute)

        module.__getattr__ = get
        module.__file__ = "/nonexistent/stub/" + module.__name__


def installed_candidate(name, path):
    """Spec of a part of the candidate, by whichever finder knows it (an editable install has one of its own)."""
    for finder in sys.meta_path:
        if finder is not CandidateFinder and hasattr(finder, "find_spec"):
            spec = finder.find_spec(name, path, None)
            if spec is not None:
                return spec
    return None


class CandidateFinder:
    """Meta path finder that resolves `numpy` and `numpy.X.Y` to the candidate; never falls back to the real numpy."""

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        head, _, rest = name.partition(".")
        if head == "numpy":
            parts = name.split(".")
            if TREE and "tests" in parts:
                if parts[-1] != "tests":
                    return None  # ordinary path search below the tests package
                return path_search(name, [os.path.join(TREE, *parts[:-1])])
            if CANDIDATE == "numpy":
                return None if rest else path_search(name, [entry for entry in sys.path if entry != TREE])
        elif head != CANDIDATE:
            return None
        find = cls.find_as_numpy if IDENTITY == "as-numpy" else cls.find_alias
        return find(name, head, rest, path)

    @classmethod
    def find_as_numpy(cls, name, head, rest, path):
        if head == CANDIDATE:
            return cls.alias(name, "numpy" + name[len(CANDIDATE) :])
        if not rest:
            spec = installed_candidate(CANDIDATE, None)
            if spec is None or spec.origin is None:
                raise ModuleNotFoundError(f"No module named {CANDIDATE!r}", name=CANDIDATE)
            return importlib.util.spec_from_file_location(
                "numpy", spec.origin, submodule_search_locations=spec.submodule_search_locations
            )
        helper = cls.helper(name)
        spec = path_search(name, path)
        if spec is None:
            spec = cls.candidate_file(name)
        if spec is None:
            if helper is not None:
                return helper
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return spec

    @classmethod
    def candidate_file(cls, name):
        """Spec under the name numpy.X for a file that only the candidate's own finder knows as <candidate>.X."""
        found = installed_candidate(CANDIDATE + name[len("numpy") :], None)
        if found is None or found.origin is None:
            return None
        return importlib.util.spec_from_file_location(
            name, found.origin, submodule_search_locations=found.submodule_search_locations
        )

    @classmethod
    def find_alias(cls, name, head, rest, path):
        if head == CANDIDATE:
            # `from numpy._core import _umath_tests` asks for <candidate>._core._umath_tests
            full = "numpy" + name[len(CANDIDATE) :]
            if full in HELPERS and installed_candidate(name, path) is None:
                return importlib.util.spec_from_loader(name, AliasLoader(importlib.import_module(full)))
            return None
        target = CANDIDATE + name[len("numpy") :]
        if name in HELPERS and target not in sys.modules:
            parent = importlib.import_module(target.rpartition(".")[0])
            if installed_candidate(target, getattr(parent, "__path__", [])) is None:
                return cls.helper(name)
        return cls.alias(name, target)

    @classmethod
    def alias(cls, name, target):
        try:
            module = importlib.import_module(target)
        except ModuleNotFoundError as error:
            if error.name and (target == error.name or target.startswith(error.name + ".")):
                helper = cls.helper(name)
                if helper is not None:
                    return helper
                raise ModuleNotFoundError(f"No module named {name!r}", name=name) from None
            raise
        # Importing it may have imported `name` as well; importlib would then take module.__spec__ and load the
        # module a second time.
        if sys.modules.get(name) is module:
            del sys.modules[name]
        return importlib.util.spec_from_loader(name, AliasLoader(module), is_package=hasattr(module, "__path__"))

    @classmethod
    def helper(cls, name):
        how = HELPERS.get(name)
        if not how:
            return None
        kind, _, argument = how.partition(":")
        if kind == "so":
            return importlib.util.spec_from_file_location(name, argument)
        return importlib.util.spec_from_loader(name, StubLoader(argument))

    @staticmethod
    def invalidate_caches():
        pass


def real_numpy_leaks():
    """Files of the real numpy in this process (the compiled test helpers are allowed)."""
    if not REAL or CANDIDATE == "numpy":
        return []
    allowed = {how.partition(":")[2] for how in HELPERS.values()}
    libraries = os.path.join(os.path.dirname(REAL), "numpy.libs")
    found = set()
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str) and file.startswith(REAL + os.sep) and file not in allowed:
            found.add(file)
    try:
        with open("/proc/self/maps") as maps:
            for line in maps:
                file = "/" + line.rstrip("\n").partition("/")[2]
                if file.startswith((REAL + os.sep, libraries + os.sep)) and file not in allowed:
                    found.add(file)
    except OSError:
        pass  # not Linux
    return sorted(found)


def run_hidden_sitecustomize():
    """Run the sitecustomize that this one hides."""
    here = os.path.dirname(os.path.abspath(__file__))
    spec = path_search("sitecustomize", [entry for entry in sys.path if os.path.abspath(entry or ".") != here])
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


if CANDIDATE:
    sys.meta_path.insert(0, CandidateFinder)
try:
    run_hidden_sitecustomize()
except Exception as error:
    print(f"sitecustomize: {error!r}", file=sys.stderr)
