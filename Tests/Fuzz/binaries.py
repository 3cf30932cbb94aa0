"""Mutations of bytes, and NumPy and IDX files made by hand."""

import gzip
import io
import re
import struct
import warnings
import zipfile
import zlib

from documents import NUMBERS, RAW_NUMBERS, STRINGS

# An archive may have a name twice, on purpose.
warnings.filterwarnings("ignore", "Duplicate name", UserWarning)

NUMBER = re.compile(rb"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")


def bytes_mutated(rng, data, trace, is_text=False):
    """One mutation of bytes."""
    kinds = ["flip", "truncate", "cut", "double", "noise", "token", "empty", "zeros"]
    if is_text:
        kinds += ["number", "number", "number", "number", "lines", "lines", "repeat", "long"]
    kind = rng.choice(kinds)
    if kind in ("empty", "zeros", "long") and rng.random() < 0.8:
        kind = "number" if is_text else "flip"
    trace.append(f"bytes: {kind}")
    if not data:
        return rng.randbytes(rng.randrange(64))
    i = rng.randrange(len(data))
    j = min(len(data), i + rng.choice([1, 2, 8, 100, 10_000]))
    if kind == "flip":
        out = bytearray(data)
        for _ in range(rng.choice([1, 1, 1, 4, 32])):
            out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
        return bytes(out)
    if kind == "truncate":
        return data[:i]
    if kind == "cut":
        return data[:i] + data[j:]
    if kind == "double":
        return data[:j] + data[i:j] * rng.choice([1, 2, 100]) + data[j:]
    if kind == "noise":
        return data[:i] + rng.randbytes(rng.choice([1, 4, 100])) + data[i:]
    if kind == "token":
        return data[:i] + text_bytes(rng.choice(STRINGS)[:200]) + data[i:]
    if kind == "number":
        found = list(NUMBER.finditer(data))
        if not found:
            return data[:i]
        match = rng.choice(found)
        new = rng.choice([str(n) for n in NUMBERS] + RAW_NUMBERS)
        return data[:match.start()] + new.encode() + data[match.end():]
    if kind == "lines":
        lines = data.split(b"\n")
        a, b = rng.randrange(len(lines)), rng.randrange(len(lines))
        what = rng.choice(["drop", "double", "swap", "shuffle"])
        if what == "drop":
            del lines[a]
        elif what == "double":
            lines.insert(b, lines[a])
        elif what == "swap":
            lines[a], lines[b] = lines[b], lines[a]
        else:
            rng.shuffle(lines)
        return b"\n".join(lines)
    if kind == "repeat":
        return data * min(rng.choice([2, 30, 300]), 3_000_000 // len(data) + 1)
    if kind == "long":
        return data[:i] + rng.choice([b"\n", b" ", b"a", b"[", b"- "]) * rng.choice([10_000, 1_000_000]) + data[i:]
    return b"" if kind == "empty" else bytes(rng.choice([1, 4096]))


def text_bytes(text):
    return text.encode("utf-8", "surrogatepass")


def npy(rows, columns, rng, descr="<f4", value=None):
    """A .npy file of random values."""
    letter = "f" if descr.endswith("4") else "d"
    order = ">" if descr.startswith(">") else "<"
    values = [rng.gauss(0, 1) if value is None else value for _ in range(rows * columns)]
    header = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': ({rows}, {columns}), }}"
    return npy_file(header, struct.pack(f"{order}{len(values)}{letter}", *values))


def npy_file(header, data, version=(1, 0), length=None):
    header = header.encode("latin-1", "replace")
    size = 10 if version == (1, 0) else 12
    header += b" " * (-(size + len(header) + 1) % 64) + b"\n"
    length = len(header) if length is None else length
    field = struct.pack("<H", length & 0xFFFF) if version == (1, 0) else struct.pack("<I", length & 0xFFFFFFFF)
    return b"\x93NUMPY" + bytes(version) + field + header + data


DESCRIPTIONS = ["<f4", "<f8", ">f4", ">f8", "|f4", "<f2", "<i4", "<c8", "|O", "|S5", "f4", "", "<f4,<f4",
                "[('a', '<f4')]", "=f4", "<f16", "<M8[ns]"]
SHAPES = ["(7, 5)", "(35,)", "()", "(0, 5)", "(7, 0)", "(0, 0)", "(-1, 5)", "(7, 5, 1)", "(1, 35)", "(35, 1)", "(2, 2)",
          "(4611686018427387904, 4)", "(9223372036854775807, 9223372036854775807)", "(18446744073709551616, 1)",
          "(7, 5L)", "7", "(7)", "[7, 5]", "(7.0, 5)", "(7, 5", "('7', 5)", "(1000000000, 0)", "(0, 1000000000)",
          "(1000000, 1)", "(" + "1, " * 5000 + "35)", "(" * 5000 + "7" + ")" * 5000]
VALUES = [0.0, -0.0, 1e-45, 1e-320, 3.4e38, -3.4e38, 1e39, 1e199, -1e308, float("inf"), float("-inf"), float("nan"),
          1.0, 1e20, 1e-20]


def npy_mutated(rng, trace, rows=7, columns=5):
    """A .npy file that is odd in its header, its values or its bytes."""
    kind = rng.choice(["header", "values", "values", "bytes", "size", "plain", "rows"])
    trace.append(f"npy: {kind}")
    descr = rng.choice(["<f4", "<f4", "<f8", ">f4"])
    if kind == "rows":
        rows, columns = rng.choice([(1, 1), (1, 5), (2, 3), (3, 1), (7, 1), (50, 2), (600, 1), (3000, 1), (7, 4000)])
        return npy(rows, columns, rng, descr)
    if kind == "header":
        order = rng.choice(["False", "True", "false", "0", "None", "[]"])
        fields = [f"'descr': {rng.choice(DESCRIPTIONS)!r}" if rng.random() < 0.5 else "'descr': '<f4'",
                  f"'fortran_order': {order}", f"'shape': {rng.choice(SHAPES)}"]
        if rng.random() < 0.2:
            fields.append(rng.choice(fields + ["'x': 1", "7: 1", ""]))
        if rng.random() < 0.1:
            fields.pop(rng.randrange(len(fields)))
        version = rng.choice([(1, 0), (1, 0), (2, 0), (3, 0), (0, 0), (9, 9)])
        length = rng.choice([None, None, None, 0, 1, 65535, 0xFFFFFFFF])
        return npy_file("{" + ", ".join(fields) + ", }", rng.randbytes(140), version, length)
    data = npy(rows, columns, rng, descr)
    if kind == "values":
        out = bytearray(data)
        letter, size = ("f", 4) if descr.endswith("4") else ("d", 8)
        start = len(out) - rows * columns * size
        for _ in range(rng.choice([1, 3, rows * columns])):
            value = rng.choice(VALUES)
            try:
                packed = struct.pack(descr[0] + letter, value)
            except OverflowError:
                packed = struct.pack(descr[0] + letter, float("inf"))
            at = start + size * rng.randrange(rows * columns)
            out[at:at + size] = packed
        return bytes(out)
    if kind == "bytes":
        return bytes_mutated(rng, data, trace)
    if kind == "size":
        return data[:-rng.choice([1, 3, 4, 8, 100])] if rng.random() < 0.5 else data + bytes(rng.choice([1, 4, 5000]))
    return data


LAYERS = {"dense1.weight": (4, 4), "dense1.bias": (1, 4), "dense2.weight": (4, 3), "dense2.bias": (1, 3)}


def npz(rng, trace=None, layers=LAYERS):
    """An .npz archive of a model, mutated where there is a trace."""
    members = []
    for name, (rows, columns) in layers.items():
        header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({f'{rows}, ' if rows > 1 else ''}{columns},), }}"
        if rows > 1:
            header = header.replace(",)", ")")
        data = struct.pack(f"<{rows * columns}f", *(rng.gauss(0, 0.3) for _ in range(rows * columns)))
        members.append([name + ".npy", npy_file(header, data)])
    kind = rng.choice(["member", "name", "drop", "double", "bytes", "bytes", "bomb", "plain"]) if trace is not None else ""
    if kind:
        trace.append(f"npz: {kind}")
    if kind == "member":
        rng.choice(members)[1] = npy_mutated(rng, trace)
    elif kind == "name":
        rng.choice(members)[0] = text_bytes(rng.choice(STRINGS)[:300]).decode("utf-8", "replace").replace("\0", "") or "a"
    elif kind == "drop":
        members.pop(rng.randrange(len(members)))
    elif kind == "double":
        members.append(list(rng.choice(members)))
    elif kind == "bomb":
        members[0][1] = npy_file("{'descr': '<f4', 'fortran_order': False, 'shape': (4, 4), }", bytes(30_000_000))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED if rng.random() < 0.5 or kind == "bomb" else zipfile.ZIP_STORED) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, compress_type=archive.compression)
    data = buffer.getvalue()
    return bytes_mutated(rng, data, trace) if kind == "bytes" else data


def idx(numbers, shape, magic=None):
    magic = 0x0800 | len(shape) if magic is None else magic
    return struct.pack(">I", magic & 0xFFFFFFFF) + b"".join(struct.pack(">I", n & 0xFFFFFFFF) for n in shape) + bytes(numbers)


def idx_folder(rng, train=60, test=30, classes=3, side=2, dots=False):
    """The four files of a data set of small images."""
    def images(n):
        return idx([rng.randrange(256) for _ in range(n * side * side)], (n, side, side))

    def labels(n):
        return idx([i % classes for i in range(n)], (n,))
    dash = "." if dots else "-"
    return {f"train-images{dash}idx3-ubyte": images(train), f"train-labels{dash}idx1-ubyte": labels(train),
            f"t10k-images{dash}idx3-ubyte": images(test), f"t10k-labels{dash}idx1-ubyte": labels(test)}


def idx_mutated(rng, trace):
    """A folder of IDX files with something odd in it."""
    files = idx_folder(rng, dots=rng.random() < 0.1)
    for _ in range(rng.choice([1, 1, 2])):
        name = rng.choice(sorted(files))
        data = files[name]
        kind = rng.choice(["header", "header", "bytes", "bytes", "gzip", "drop", "both", "label", "rename"])
        trace.append(f"idx: {kind} {name}")
        if kind == "header":
            i = rng.choice([0, 4, 8, 12])
            data = data[:i] + struct.pack(">I", rng.choice([0, 1, 2, 59, 61, 0x801, 0x803, 0xD03, 2**31, 2**32 - 1])) + data[i + 4:]
            files[name] = data
        elif kind == "bytes":
            files[name] = bytes_mutated(rng, data, trace)
        elif kind == "gzip":
            packed = gzip.compress(data, mtime=0)
            if rng.random() < 0.5:
                packed = bytes_mutated(rng, packed, trace)
            elif rng.random() < 0.3:
                packed = gzip.compress(data[:16] + bytes(20_000_000), mtime=0)
            elif rng.random() < 0.3:
                packed = zlib.compress(data)
            files[name + ".gz"] = packed
            files.pop(name)
        elif kind == "both":
            files[name + ".gz"] = gzip.compress(data, mtime=0)
        elif kind == "label":
            name = rng.choice([n for n in sorted(files) if "labels" in n] or [name])
            files[name] = files[name][:-1] + bytes([rng.choice([3, 10, 255])])
        elif kind == "rename":
            files[rng.choice([name.replace("-idx", ".idx"), "raw/" + name, "emnist-letters-" + name, name.upper()])] = files.pop(name)
        else:
            files.pop(name)
        if not files:
            return {"x": b""}
    return files
