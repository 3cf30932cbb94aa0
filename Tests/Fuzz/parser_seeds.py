"""What libFuzzer starts from: files of the repository, small ones, and words of the formats."""

import glob
import gzip
import io
import json
import math
import os
import random
import re
import struct
import tarfile
import zipfile
import zlib

import binaries
from corpus import CLAIMS, SCENARIOS
from documents import to_yaml

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PARSERS = ["json", "scenario", "claims", "baseline", "entry", "verified", "meta", "log", "manifest", "rounds", "npy", "npz",
           "safetensors", "idx", "pattern", "csv", "leaf", "image", "cifar", "png", "tar", "numbers", "outside", "initial", "checkpoint",
           "reply", "expression", "override"]
# Of a longer file, only the start.
LONGEST = 16_384

RESULTS = "Tests/CommandLineTests/Fixtures/engine-1/results/"
ARRAYS = "Tests/DatasetsTests/Fixtures/*."

# The trials of ResultParsers.swift.
ROUNDS = b"""key,attack,defense,clients.count,seed,round,accuracy,asr,defense.kept
abcdef012341,none,mean,5,1,0,0.5,,3
abcdef012341,none,mean,5,1,1,0.75,1e-05,3
abcdef012342,none,mean,5,2,0,-1.5,0,0
abcdef012342,none,mean,5,2,1,1,0.25,
"""

# Two images of 2 x 2 for the two labels of ArrayParsers.swift.
PIXELS = bytes([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 255])

READY = {"type": "ready", "protocol": 1, "name": "mine", "version": "1.2"}
REPLIES = [
    dict(READY, kind="defense", stateful=True, deterministic=False, reusable=True, needs=["global-model", "root-update"]),
    dict(READY, kind="attack", knowledge="honest-updates"),
    dict(READY, kind="trainer", clients=2, classes=2, dimension=6, examples=[3, 4], test_examples=5, shape=[1, 2, 3],
         layers=[{"name": "w", "shape": [2, 2], "offset": 0}, {"name": "b", "shape": [2]}], poisons=["label-map"],
         device="cpu"),
    {"type": "aggregated", "call": 1, "arrays": {"result": [3, 6]}, "order": ["result"], "kept": [True, False, True],
     "weights": [0.5, 0, None], "suspicion": [0.25, -1e3, None], "report": {"radius": 1.5, "why": "so", "n": 3}},
    {"type": "trained", "call": 2, "arrays": {"updates": [2, 6]}, "examples": [3, 4]},
    {"type": "evaluated", "call": 3, "classes": [[1, 2], [0, 3]],
     "backdoors": [{"examples": 5, "hits": 3, "robust": 1, "correct": 4, "correct_hits": 2}]},
    {"type": "error", "call": 3, "message": "no \u00fc \ud83d\ude00"},
]

EXPRESSIONS = ["krum:f=2", "nnm:f=2\nkrum:f=2", "bucketing:size=2\nnnm\ntrimmed-mean:f=1", "norm-clipping:bound=1.5",
               "exec:python3 my.py", "multi-krum:f=2,m=3", "rfa:steps=3,nu=1e-6"]

OVERRIDES = ["rounds=9", "task.local.lr=[0.1, 0.2]", "task.model={kind: mlp, hidden: [4]}\nclients.count=8", "seeds=1..3",
             "threat.malicious={fraction: 0.25}\nattacks.push.scale=2", "defenses.robust.f=1", "task.dataset=none", "server.lr="]

# Tables with and without names, texts in quotes, and a compressed one.
TABLES = [b"a,b,label\n1,2,x\n3,4,y\n-5e-1,.6,x\n7,8,y\n", b"x,u,1.5\ny,v,2\nx,v,3.25\ny,u,+4\n",
          b"\xef\xbb\xbf1; 2;3\r\n\r\n4;5 ;3\r\n7;8;2\r\n9;1e2;2", b'"a ""q""","b\nc",2\n"1",2,0\n3,"4",1\n5,6,0\n7,8,1\n']

USER = {"x": [[0.5, 1], [2e-1, -3]], "y": [0, 1]}
LEAF = [
    {"users": ["a", "b"], "num_samples": [2, 2], "hierarchies": [["h"], {"i": None}], "user_data": {"a": USER, "b": USER}},
    {"user_data": {"r\u00f6": {"y": ["a", "?"], "x": ["To b", "o b\n"]}}},
    {"user_data": {"1": {"x": [[1] * 784], "y": [61]}}, "more": [True, {"t": [[], {}, ""]}]},
]

IMAGES = [b"P5\n2 2\n255\n\x00\x01\x7f\xff", b"P6 # color\n# more\n1 2 255 abcdef", b"P5 1 1 255 5P", b"\x89PNG\r\n\x1a\n"]

# One record of each format, and two, as ImageParsers.swift understands them.
RECORDS = [bytes([0, 9, 1, 2, 3]), bytes([1, 3, 0, 0, 0, 4, 0, 255, 0]), bytes([2, 19, 99, 1, 2, 3]), bytes([3, 19, 99, 1, 2, 3] + [0] * 5)]

# Changes of a checkpoint as CheckpointParsers.swift understands them: none, less, more, another number.
CHECKPOINTS = [bytes([place]) for place in range(12)] + [bytes([1, 127, 191]), bytes([2, 40, 199] + 8 * [0]), bytes([0, 20, 135, 199] + 8 * [255])]

VALUES = [b"0", b"-1", b"1e308", b"1e-320", b"9223372036854775807", b"-9223372036854775808", b"18446744073709551615", b"null",
          b"true", b"\xef\xbb\xbf", b"\\u0000", b"\\ud800", b"\xe2\x80\xae", b"\n", b"\r\n", b'""', b"[]", b"{}"]
YAML_WORDS = [b"- ", b": ", b"&a ", b"*a", b"<<: ", b"!!str ", b"? ", b"|\n ", b">\n ", b"---\n", b"...\n", b"# ", b"~",
              b".inf", b".nan", b"0x1F", b"0o17", b"1_000", b"!<tag:yaml.org,2002:int> ", b"%YAML 1.1\n"]
WORDS = {
    "npy": [b"\x93NUMPY\x01\x00", b"\x93NUMPY\x02\x00", b"\x93NUMPY\x03\x00", b"'descr': '<f4'", b"'>f8'", b"'fortran_order': True",
            b"'shape': (2, 3)", b"()", b"(1,)", b"True", b"False", b"None", b"L", b"u'", b"9223372036854775807"],
    "npz": [b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07", b"PK\x07\x08", b"\xff\xff\xff\xff",
            b"\x01\x00\x10\x00", b".npy", b"../", b"\x93NUMPY\x01\x00"],
    "safetensors": [b'"dtype":"F32"', b'"F64"', b'"shape":[2,3]', b'"data_offsets":[0,24]', b'"__metadata__":{}'],
    "idx": [b"\x00\x00\x08\x03", b"\x00\x00\x08\x01", b"\x1f\x8b\x08", b"\xff\xff\xff\xff", b"\x80\x00\x00\x00"],
    "csv": [b",", b";", b" ", b"\r\n", b'"', b'""', b'","', b"1e-45", b"3.4e38", b"1e39", b"0.1", b"-.5", b"+7", b"nan", b"0x1p3",
            b"16777217", b"123456789012345678", b"\xef\xbb\xbf", b"\x1f\x8b\x08"],
    "image": [b"P5", b"P6", b"P4", b" 255 ", b"65535", b"#", b"\n", b"999999999", b"0"],
    "png": [b"\x89PNG\r\n\x1a\n", b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"gAMA", b"sRGB", b"iCCP", b"bKGD", b"\xff\xff\xff\xff"],
    "tar": [b"ustar", b"data/a", b"data/b", b"data/", b"00000000003", b"00000001130", b"77777777777", b"\x1f\x8b\x08"],
    "cifar": [b"\x09", b"\x0a", b"\x13", b"\x14", b"\x63", b"\x64", b"\xff"],
    "checkpoint": [b"\xc7" + bytes(8), b"\xc7\x01" + bytes(7), b"\xc7" + b"\xff" * 8, b"\xc7" + b"\xff" * 7 + b"\x7f", b"\xc3" + bytes(4),
                   b"\xc3\x00\x00\xc0\x7f", b"\xc3\x00\x00\x80\xff", b"\x87", b"\x88", b"\x83", b"\x80"],
    "pattern": [b".", b"#", b"9", b"\n", b"\r\n", b"\x93NUMPY\x01\x00", b"PK\x03\x04"],
}
WORDS["numbers"] = WORDS["outside"] = WORDS["npy"] + [b"'|u1'", b"'<i4'", b"'>i8'", b"'|i1'", b"'<u8'"] + WORDS["npz"]
WORDS["initial"] = WORDS["npy"] + WORDS["npz"] + [b"w.npy", b"b.npy", b"parameters.npy"]
YAML = {"scenario", "claims", "entry", "verified", "meta", "override"}


def seeds(name):
    """The seeds of a parser, each `bytes`."""
    found = {
        "json": lambda: [json.dumps(reply).encode() for reply in REPLIES] + files(RESULTS + "run.json"),
        "scenario": lambda: [to_yaml(s).encode() for s in SCENARIOS] + [json.dumps(SCENARIOS[0]).encode()]
        + files("Scenarios/*.yaml") + files("Scenarios/*/*.yaml"),
        "claims": lambda: [to_yaml(CLAIMS).encode()] + files("Baselines/claims/*.yaml"),
        "baseline": baselines,
        "entry": lambda: files("Baselines/leaderboard/*/entry.yaml")[:8],
        "verified": lambda: [b"\n".join(data.split(b"\n")[:13]) for data in files("Baselines/leaderboard/verified.yaml")],
        "meta": lambda: files("Tests/CommandLineTests/Fixtures/replay/*/*/meta.json") + [
            b'{"malicious": [0, 1], "f": 2, "layers": [{"name": "w", "shape": [5, 8]}, {"name": "b", "shape": [5]}]}'],
        "log": logs,
        "manifest": lambda: files(RESULTS + "run.json") + files("Tests/ResultsTests/Goldens/run.json"),
        "rounds": lambda: [ROUNDS, ROUNDS.replace(b",5,", b',"5",')] + [b"key,cell,seed,round,metric,value\n"],
        "npy": lambda: files(ARRAYS + "npy"),
        "npz": lambda: files(ARRAYS + "npz") + [binaries.npz(random.Random(7))],
        "safetensors": lambda: files(ARRAYS + "safetensors"),
        "idx": lambda: list(binaries.idx_folder(random.Random(7)).values()) + [PIXELS, gzip.compress(PIXELS, mtime=0)],
        "pattern": lambda: files("Scenarios/smoke-pattern.txt") + files(ARRAYS + "npy")[:6] + files(ARRAYS + "npz")[:3],
        "csv": lambda: TABLES + [gzip.compress(TABLES[0], mtime=0)],
        "leaf": lambda: [json.dumps(part, separators=(",", ":")).encode() for part in LEAF] + [gzip.compress(json.dumps(LEAF[0]).encode(), mtime=0)],
        "image": lambda: IMAGES,
        "cifar": lambda: RECORDS,
        "png": pictures,
        "tar": archives,
        "numbers": numbers,
        "outside": lambda: outside() + files(ARRAYS + "npy")[:8],
        "initial": initial,
        "checkpoint": lambda: CHECKPOINTS,
        "reply": lambda: [json.dumps(reply).encode() for reply in REPLIES],
        "expression": lambda: [text.encode() for text in EXPRESSIONS],
        "override": lambda: [text.encode() for text in OVERRIDES],
    }[name]()
    assert found, f"there are no seeds for {name}"
    return [data[:LONGEST] for data in found]


def words(name):
    """The dictionary of a parser."""
    if name in WORDS:
        return WORDS[name]
    found = set()
    for data in seeds(name):
        found.update(re.findall(rb"[A-Za-z][A-Za-z0-9_.-]{1,30}", data))
    return sorted(found)[:400] + VALUES + (YAML_WORDS if name in YAML else [])


def files(pattern):
    found = []
    for path in sorted(glob.glob(os.path.join(ROOT, pattern))):
        with open(path, "rb") as file:
            found.append(file.read())
    return found


def numbers():
    """Integers of each size in both orders, images, labels, and the archives of Keras and of MedMNIST."""
    found = []
    for descr, code in [("|u1", "B"), ("|i1", "b"), ("<u2", "<H"), (">i2", ">h"), ("<i4", "<i"), (">u4", ">I"), ("<i8", "<q"),
                        (">u8", ">Q"), ("<f4", "<f"), (">f8", ">d")]:
        values = b"".join(struct.pack(code, value) for value in [0, 1, 1, 0, 3, 2, 1, 100])
        for shape in ["(2, 2, 2, 1)", "(2, 4)", "(8,)", "(8, 1)", "(2, 2, 2)"]:
            found.append(binaries.npy_file(f"{{'descr': '{descr}', 'fortran_order': {shape == '(2, 4)'}, 'shape': {shape}, }}", values))
    return found + files(ARRAYS + "npy")[:6] + files(ARRAYS[:-2] + "keras.npz") + files(ARRAYS[:-2] + "medmnist.npz")


def outside():
    """Archives of x and y, of classes 0 and 1."""
    inputs = binaries.npy_file("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }", struct.pack("<6f", *range(6)))
    labels = binaries.npy_file("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", struct.pack("<3f", 0, 1, 1))
    found = []
    for names in [["x", "y"], ["x_train", "y_train", "x_test", "y_test"]]:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in names:
                # A fixed time, for the same bytes each time.
                archive.writestr(zipfile.ZipInfo(name + ".npy"), inputs if name.startswith("x") else labels)
        found.append(buffer.getvalue())
    return found


def initial():
    """Archives of the model of ArrayParsers.swift: a tensor each, as raw and compressed data, and one of all parameters."""
    def array(*shape):
        count = math.prod(shape)
        return binaries.npy_file(f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}", struct.pack(f"<{count}f", *range(count)))

    found = []
    for arrays in [{"w": array(2, 3), "b": array(3)}, {"parameters": array(9)}]:
        for compression in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            buffer = io.BytesIO()
            with zipfile.ZipFile(buffer, "w", compression) as archive:
                for name, data in arrays.items():
                    archive.writestr(zipfile.ZipInfo(name + ".npy"), data, compress_type=compression)
            found.append(buffer.getvalue())
    return found


def pictures():
    """Images of each kind of color, with a palette, with few bits and interlaced."""
    def part(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    def picture(depth, color, rows, parts=b"", interlaced=0):
        header = struct.pack(">IIBBBBB", 2, 2, depth, color, 0, 0, interlaced)
        return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + parts + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")

    palette = part(b"PLTE", bytes(range(12))) + part(b"tRNS", b"\x00\x80")
    found = [picture(8, color, (b"\x01" + bytes(range(2 * size))) * 2) for color, size in [(0, 1), (2, 3), (4, 2), (6, 4)]]
    return found + [picture(2, 3, b"\x00\x10\x00\xb0", palette), picture(1, 0, b"\x00\x40\x00\x80"),
                    picture(8, 0, b"\x00\x01\x00\x02\x00\x03\x04", interlaced=1), picture(16, 0, bytes(10))]


def archives():
    """Archives with the two files of FetchedParsers.swift, raw and compressed, and with others among them."""
    found = []
    for names in (["data/a", "data/b"], ["data/b", "other/a", "data/a"], ["data/a"]):
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
            for name in names:
                entry = tarfile.TarInfo(name)
                entry.size = 600 if name == "data/b" else 3
                archive.addfile(entry, io.BytesIO(bytes(range(200)) * 3))
        # Without most of the zeros that fill the last record.
        found.append(buffer.getvalue()[:4096])
    return found + [gzip.compress(found[0], mtime=0)]


def baselines():
    """Baselines with their first two cells alone, and with a few metrics."""
    found = []
    for name in ["core", "smoke-attacks", "xie-2020", "tutorial-028"]:
        baseline = json.loads(files(f"Baselines/{name}.json")[0])
        first = list(baseline["cells"].items())[:2]
        baseline["cells"] = {cell: dict(list(values.items())[:6]) for cell, values in first}
        baseline["made"]["settings"] = [{"axes": {}, "scenario": {"rounds": 3}, "attacks": {}, "defenses": {}}]
        kept = {key for values in baseline["cells"].values() for key in values}
        for part in [baseline["policy"], *baseline["policy"].get("overrides", [])]:
            if "metrics" in part:
                part["metrics"] = {name: rule for name, rule in part["metrics"].items() if name in kept}
        found.append(json.dumps(baseline).encode())
    return found


def logs():
    lines = files(RESULTS + "trials.jsonl")[0].splitlines(keepends=True)
    return [b"".join(lines[:2]), lines[0], lines[-1]]
