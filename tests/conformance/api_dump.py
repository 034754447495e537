"""Names, kinds and signatures of the public interface of whatever `numpy` is in this process, as JSON.

api_dump.py OUTPUT      run in the judged process by public_api.py; uses the standard library alone
"""

import importlib
import inspect
import json
import re
import sys
import types
import warnings

_POLYNOMIALS = ("polynomial", "chebyshev", "hermite", "hermite_e", "laguerre", "legendre", "polyutils")
_LIB = ("array_utils", "format", "introspect", "mixins", "npyio", "scimath", "stride_tricks", "recfunctions",
        "user_array")  # fmt: skip
API_MODULES = (
    "numpy", "numpy.linalg", "numpy.fft", "numpy.random", "numpy.ma", "numpy.ma.extras", "numpy.ma.mrecords",
    "numpy.strings", "numpy.char", "numpy.rec", "numpy.emath", "numpy.polynomial",
    *(f"numpy.polynomial.{name}" for name in _POLYNOMIALS), "numpy.lib", *(f"numpy.lib.{name}" for name in _LIB),
    "numpy.dtypes", "numpy.exceptions", "numpy.testing", "numpy.testing.overrides", "numpy.typing",
    "numpy.ctypeslib", "numpy.matlib", "numpy.version",
)  # fmt: skip
EXTRA_CLASSES = {
    "flatiter": "type(numpy.array([1]).flat)", "flagsobj": "type(numpy.array([1]).flags)",
    "array_function_dispatcher": "type(numpy.sum)", "mvoid": "numpy.ma.core.mvoid",
    "BitGenerator": "numpy.random.BitGenerator", "ABCPolyBase": "numpy.polynomial._polybase.ABCPolyBase",
    "DataSource": "numpy.lib.npyio.DataSource", "NpzFile": "numpy.lib.npyio.NpzFile",
}  # fmt: skip
DUNDERS_OF_PYTHON = ("__dict__", "__module__", "__weakref__", "__slots__", "__annotations__", "__abstractmethods__",
                     "__pyx_vtable__", "__orig_bases__", "__parameters__", "__static_attributes__",
                     "__firstlineno__")  # fmt: skip


def signature(value):
    """[[name, kind, default], ...], or None."""
    try:
        parameters = inspect.signature(value).parameters.values()
    except Exception:
        return None
    result = []
    for parameter in parameters:
        default = "" if parameter.default is parameter.empty else re.sub(r" at 0x\w+", "", repr(parameter.default))
        default = re.sub(r"<class '[\w.]*\.(\w+)'>", r"\1", default)
        result.append([parameter.name, int(parameter.kind), default])
    return result


def entry(value, member=False):
    """[kind, signature] of a public object."""
    if member and not callable(value):
        return ["attribute", None]
    if isinstance(value, type):
        kind = "class"
    elif isinstance(value, types.ModuleType):
        kind = "module"
    else:
        kind = "callable" if callable(value) else "value"
    return [kind, signature(value) if callable(value) else None]


def is_member(name):
    if not name.startswith("_"):
        return True
    return name.startswith("__") and name.endswith("__") and name not in DUNDERS_OF_PYTHON and name not in dir(object)


class Dump:
    def __init__(self):
        self.modules, self.classes, self.errors = {}, {}, {}
        self.seen = set()

    def add_class(self, name, value):
        if not isinstance(value, type) or value in self.seen:
            return
        self.seen.add(value)
        members = self.classes[name] = {}
        for member in filter(is_member, dir(value)):
            try:
                found = inspect.getattr_static(value, member) if member.startswith("__") else getattr(value, member)
                members[member] = entry(found, member=True)
            except Exception:
                members[member] = ["attribute", None]

    def add_module(self, name):
        try:
            module = importlib.import_module(name) if name != "numpy.emath" else importlib.import_module("numpy").emath
        except BaseException as error:
            self.errors[name] = f"{type(error).__name__}: {str(error)[:100]}"
            return
        names = set(getattr(module, "__all__", ()) or ())
        if name == "numpy" or not names:
            names |= {item for item in dir(module) if not item.startswith("_")}
        if name == "numpy":
            names |= {item for item in ("__version__", "__array_api_version__", "__array_namespace_info__")
                      if hasattr(module, item)}  # fmt: skip
        elif not getattr(module, "__all__", None):
            names = {item for item in names if not isinstance(getattr(module, item, None), types.ModuleType)}
        entries = self.modules[name] = {}
        for item in sorted(names):
            try:
                value = getattr(module, item)
            except Exception:
                continue  # __all__ names what is not there
            entries[item] = entry(value)
            if isinstance(value, type) and not issubclass(value, BaseException):
                self.add_class(f"{name}.{item}", value)


def main(output):
    warnings.simplefilter("ignore")
    dump = Dump()
    for name in API_MODULES:
        dump.add_module(name)
    for name, expression in EXTRA_CLASSES.items():
        try:
            dump.add_class("numpy:" + name, eval(expression, {"numpy": importlib.import_module("numpy")}))
        except Exception as error:
            dump.errors["numpy:" + name] = str(error)[:100]
    with open(output, "w") as file:
        json.dump({"modules": dump.modules, "classes": dump.classes, "errors": dump.errors}, file)


main(sys.argv[1])
