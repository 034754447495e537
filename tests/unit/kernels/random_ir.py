"""Random well-typed functions of the IR, and arguments for them.

What the IR leaves open is not generated: conversions to integers are of floats that fit, and bits are only taken of
floats that are not NaN.
"""

from __future__ import annotations

import math
import random
import struct

import support

ir, builder, typesystem = support.submodule("ir"), support.submodule("builder"), support.submodule("typesystem")
t = typesystem

PLACE = ir.Location("random.py", 7)
INTEGERS = (t.i8, t.i16, t.i32, t.i64, t.u8, t.u16, t.u32, t.u64)
FLOATS = (t.f32, t.f64)
EVERY = (t.bool_, *INTEGERS, *FLOATS)
NARROW = (t.bool_, t.i32, t.u32)  # exact on every GPU
MODES = ("branch", "branch", "any_lane", "each_lane")
MEMORY = 256  # bytes that functions with memory work on


class Maker:
    """Makes one function; the same for the same seed.

    Parameters
    ----------
    seed : int
    types : tuple of ScalarType
        What values may be.
    size : int
        About how many operations.
    exits : bool
        Whether regions may be left early.
    memory : bool
        Whether there are loads and stores (the first parameter is an address), failures and calls.
    flags : bool
        Whether there are floating-point errors.
    """

    def __init__(self, seed: int, types=EVERY, *, size=14, exits=False, memory=False, flags=True, lookups=True) -> None:
        self.random = random.Random(seed)
        self.types = types
        self.left = size
        self.exits = exits
        self.memory = memory
        self.flags = flags
        self.lookups = lookups
        self.address = None
        self.loops: list[list] = []  # the types that enclosing loops carry
        self.returns: list = []

    def function(self):
        body = ir.Region()
        if self.memory:
            body.parameters.append(ir.Value(t.i64))
            self.address = body.parameters[0]
        body.parameters += [ir.Value(self.any_type()) for _ in range(self.random.randint(1, 3))]
        self.returns = [self.any_type() for _ in range(self.random.randint(1, 2))]
        known = [value for value in body.parameters if value is not self.address]
        left = self.block(body, known, self.left)
        if not left:
            body.results = [self.value(builder.Builder(body), known, kind) for kind in self.returns]
        made = ir.Function("random", body, PLACE, list(self.returns))
        ir.verify(made)
        return made

    def any_type(self):
        return self.random.choice(self.types)

    def constant(self, into, kind):
        if kind.kind == "b":
            number = self.random.random() < 0.5
        elif kind.is_float:
            number = t.round_to(self.random.choice(FLOAT_NUMBERS), kind)
        else:
            number = t.wrap(self.random.choice(WHOLE_NUMBERS), kind)
        return into.constant(number, kind, PLACE)

    def value(self, into, known, kind):
        """Some value of a type: a known one, a converted one, or a constant."""
        fitting = [value for value in known if value.type == kind]
        if fitting and self.random.random() < 0.85:
            return self.random.choice(fitting[-8:])
        others = [value for value in known if value.type != kind]
        if others and self.random.random() < 0.6:
            return self.converted(into, self.random.choice(others[-8:]), kind)
        return self.constant(into, kind)

    def converted(self, into, value, kind):
        """A value as a number of another type, or its bits."""
        source = value.type
        if source.bits == kind.bits and self.random.random() < 0.3 and "b" not in (source.kind, kind.kind):
            return into.bitcast(self.without_nan(into, value), kind, PLACE)
        if source.is_float and kind.is_integer:
            limit = into.constant(2.0 ** (min(kind.bits, 63) - 2), source, PLACE)
            small = into.binary("lt", into.unary("abs", value, PLACE), limit, PLACE)
            value = into.select(small, value, into.constant(0.0, source, PLACE), PLACE)
            if kind.kind == "u":
                value = into.unary("abs", value, PLACE)
        return into.convert(value, kind, PLACE)

    def without_nan(self, into, value):
        if not value.type.is_float:
            return value
        missing = into.emit("isnan", [value], [t.bool_], PLACE).result
        return into.select(missing, into.constant(0.0, value.type, PLACE), value, PLACE)

    # -- operations -----------------------------------------------------------------------------------------------

    def block(self, region, known, size) -> bool:
        """Append about ``size`` operations; True if the region is left."""
        into = builder.Builder(region)
        while size > 0 and self.left > 0:
            size -= 1
            self.left -= 1
            chance = self.random.random()
            if chance < 0.12 and size > 2:
                inner = self.random.randint(1, size)
                size -= inner
                if self.branch(into, known, inner):
                    return True
            elif chance < 0.18 and size > 3 and len(self.loops) < 2:
                inner = self.random.randint(2, size)
                size -= inner
                self.loop(into, known, inner)
            elif chance < 0.22 and self.flags:
                mask = self.value(into, known, t.bool_)
                into.emit("flag", [mask], [], PLACE, kind=self.random.choice(ir.FLAG_KINDS))
            elif chance < 0.30 and self.memory:
                self.access(into, known)
            else:
                known.append(self.pure(into, known))
        if self.exits and self.random.random() < 0.3 and (self.loops or len(region.operations) > 2):
            return self.leave(into, known)
        return False

    def leave(self, into, known) -> bool:
        choices = ["return"] + ["break", "continue"] * bool(self.loops) + ["fail"] * (self.memory)
        how = self.random.choice(choices)
        if how == "fail":
            into.emit("fail", [], [], PLACE, code=self.random.randint(1, 99))
        elif how == "return":
            into.emit("return", [self.value(into, known, kind) for kind in self.returns], [], PLACE)
        else:
            kinds, counter = self.loops[-1]
            # The counter of a loop goes on, so that it ends.
            one = into.constant(1, t.i32, PLACE)
            values = [into.binary("add", counter, one, PLACE)]
            values += [self.value(into, known, kind) for kind in kinds]
            into.emit(how, values, [], PLACE)
        return True

    def branch(self, into, known, size) -> bool:
        condition = self.value(into, known, t.bool_)
        kinds = [self.any_type() for _ in range(self.random.randint(0, 2))]
        regions = [ir.Region(), ir.Region()]
        ends = []
        for region in regions:
            inside = list(known)
            left = self.block(region, inside, size // 2 + 1)
            if not left:
                region.results = [self.value(builder.Builder(region), inside, kind) for kind in kinds]
            ends.append(left)
        mode = "branch" if any(ends) else self.random.choice(MODES)
        if all(ends):
            into.emit("if", [condition], [], PLACE, regions, mode="branch")
            return True
        known += into.emit("if", [condition], kinds, PLACE, regions, mode=mode).results
        return False

    def loop(self, into, known, size) -> None:
        kinds = [self.any_type() for _ in range(self.random.randint(1, 3))]
        initial = [into.constant(0, t.i32, PLACE), *(self.value(into, known, kind) for kind in kinds)]
        types = [t.i32, *kinds]
        regions = [ir.Region([ir.Value(kind) for kind in types]) for _ in range(2)]
        operation = into.emit("loop", initial, types, PLACE, regions)
        test, body = regions
        inner = builder.Builder(test)
        limit = inner.constant(self.random.randint(0, 5), t.i32, PLACE)
        going = inner.binary("lt", test.parameters[0], limit, PLACE)
        if self.random.random() < 0.4:
            going = inner.binary("and", going, self.value(inner, [*known, *test.parameters[1:]], t.bool_), PLACE)
        test.results = [going]
        inside = [*known, *body.parameters[1:]]
        if t.i32 in self.types:
            inside.append(body.parameters[0])
        self.loops.append((kinds, body.parameters[0]))
        left = self.block(body, inside, size)
        self.loops.pop()
        if not left:
            inner = builder.Builder(body)
            following = inner.binary("add", body.parameters[0], inner.constant(1, t.i32, PLACE), PLACE)
            body.results = [following, *(self.value(inner, inside, kind) for kind in kinds)]
        known += operation.results[1:]

    def access(self, into, known) -> None:
        kind = self.any_type()
        if self.random.random() < 0.25:
            self.call(into, known)
            return
        offset = self.converted_offset(into, self.value(into, known, t.u8))
        address = into.binary("add", self.address, offset, PLACE)
        if self.random.random() < 0.5:
            known.append(self.without_nan(into, into.emit("load", [address], [kind], PLACE).result))
        else:
            into.emit("store", [address, self.without_nan(into, self.value(into, known, kind))], [], PLACE)

    def converted_offset(self, into, value):
        return into.binary("modulus", into.convert(value, t.i64, PLACE), into.constant(MEMORY - 8, t.i64, PLACE), PLACE)

    def call(self, into, known) -> None:
        seed, memory = self.random.randrange(1 << 30), self.random.random() < 0.3
        callee = Maker(seed, self.types, size=6, exits=True, memory=memory, flags=False).function()
        values = [self.address] if memory else []
        values += [self.value(into, known, value.type) for value in callee.parameters[len(values) :]]
        known += into.emit("call", values, callee.result_types, PLACE, function=callee).results

    def pure(self, into, known):
        kind = self.any_type()
        chance = self.random.random()
        if chance < 0.1:
            condition = self.value(into, known, t.bool_)
            return into.select(condition, self.value(into, known, kind), self.value(into, known, kind), PLACE)
        if chance < 0.25:
            others = [value for value in known if value.type != kind] or [self.constant(into, kind)]
            return self.converted(into, self.random.choice(others[-8:]), kind)
        if chance < 0.4 or kind.kind == "b":
            if kind.kind == "b" and self.random.random() < 0.4:
                if self.random.random() < 0.3:
                    return into.unary("not", self.value(into, known, kind), PLACE)
                name = self.random.choice(("and", "or", "xor"))
                return into.binary(name, self.value(into, known, kind), self.value(into, known, kind), PLACE)
            operand = self.random.choice([found for found in self.types if found.kind != "b"])
            x, y = self.value(into, known, operand), self.value(into, known, operand)
            if operand.is_float and self.random.random() < 0.3:
                name = self.random.choice(("isnan", "isfinite", "isnormal"))
                return into.emit(name, [x], [t.bool_], PLACE).result
            return into.binary(self.random.choice(("eq", "ne", "lt", "le")), x, y, PLACE)
        x = self.value(into, known, kind)
        if kind.is_float:
            if self.random.random() < 0.4:
                names = ("neg", "abs", "sqrt", "floor", "ceil", "trunc", "rint", "opaque")
                return into.unary(self.random.choice(names), x, PLACE)
            name = self.random.choice(("add", "sub", "mul", "div"))
            return into.binary(name, x, self.value(into, known, kind), PLACE)
        if self.lookups and chance < 0.45:
            return into.emit("lookup", [x], [kind], PLACE, table=_table(kind)).result
        if self.random.random() < 0.2:
            names = ("neg", "not", "abs") if kind.kind == "i" else ("neg", "not")
            return into.unary(self.random.choice(names), x, PLACE)
        names = ("add", "sub", "mul", "and", "or", "xor", "shl", "shr", "quotient", "modulus")
        return into.binary(self.random.choice(names), x, self.value(into, known, kind), PLACE)


def _table(kind):
    values = tuple(t.wrap(number, kind) for number in (3, -1, 100, 7, 0x7FFF_FFFF, 2, -128, 5))
    return ir.Table(f"eight_{kind}", kind, values)


WHOLE_NUMBERS = (0, 1, 2, 3, 5, 7, -1, -2, 31, 63, 64, 100, 127, -128, 255, 1 << 15, (1 << 31) - 1, -(1 << 31),
                 1 << 32, (1 << 63) - 1, -(1 << 63))  # fmt: skip
FLOAT_NUMBERS = (0.0, -0.0, 1.0, -1.0, 0.5, 1.5, 2.5, -2.5, 3.0, 1e-3, 1e6, -1e10, 1e30, 1e-30, 1e-45, 1e300, math.pi)


def arguments(function, count, seed) -> list[list]:
    """Per parameter, ``count`` numbers: special ones and random bits."""
    source = random.Random(seed)
    result = []
    for value in function.parameters:
        kind = value.type
        numbers = []
        for _ in range(count):
            if kind.kind == "b":
                numbers.append(source.random() < 0.5)
            elif kind.is_float:
                special = source.choice((*FLOAT_NUMBERS, math.inf, -math.inf, math.nan))
                bits = struct.unpack("<d", source.randbytes(8))[0]
                numbers.append(t.round_to(special if source.random() < 0.6 else bits, kind))
            else:
                whole = source.choice(WHOLE_NUMBERS) if source.random() < 0.5 else source.getrandbits(64)
                numbers.append(t.wrap(whole, kind))
        result.append(numbers)
    return result


def same(x, y) -> bool:
    """Whether two numbers are the same bits; any NaN equals any NaN."""
    if isinstance(x, float) and isinstance(y, float):
        return (x != x and y != y) or struct.pack("<d", x) == struct.pack("<d", y)
    return x == y
