# numpy 2.4.6, safetensors 0.8.0
"""Writes the .safetensors fixtures of Tests/DatasetsTests, and checks the one that our writer made.

usage: python3 Tests/Reference/safetensors_files.py

The elements of each accepted array count up from 0.25 in the order of rows; both accepted types hold
them exactly. The library orders arrays by the size of their elements, then by name.
"""
import json
import pathlib
import struct

import numpy as np
from safetensors.numpy import load_file, save_file

folder = pathlib.Path(__file__).parents[1] / "DatasetsTests/Fixtures"
folder.mkdir(exist_ok=True)


def counting(*shape):
    return np.arange(np.prod(shape, dtype=int)).reshape(shape) + 0.25


arrays = {
    "double": counting(2, 3),
    "empty": np.zeros((0, 4), dtype="<f4"),
    "größe": counting(1, 1, 1, 1, 1, 1, 1, 2).astype("<f4"),
    'layer."w"\\/weight': counting(2, 3, 4).astype("<f4"),
    "value": np.array(0.25, dtype="<f4"),
    "vector": counting(5).astype("<f4"),
}
save_file(arrays, folder / "arrays.safetensors", metadata={"format": "pt", "by": "hand"})
save_file({}, folder / "no-arrays.safetensors")
save_file({"labels": np.arange(3)}, folder / "refused-i64.safetensors")
save_file({"half": counting(2).astype("<f2")}, folder / "refused-f16.safetensors")
save_file({"w": np.array([1.5, 2.5e198])}, folder / "refused-wide.safetensors")

# Escapes that a JSON writer may use, and a header without padding.
header = r'{"\u0061\ud83d\ude00\/" : {"shape":[ 1 , 2 ], "data_offsets":[0,8],"dtype":"F32"} }'
(folder / "escaped.safetensors").write_bytes(
    struct.pack("<Q", len(header)) + header.encode() + np.float32([1.5, -2]).tobytes())
assert list(load_file(folder / "escaped.safetensors")) == ["a\U0001f600/"]

# What SafeTensorsWritingTests wrote, see there.
written = folder / "written.safetensors"
if written.exists():
    found = load_file(written)
    assert sorted(found) == sorted(["first", 'a "b" \\ c', "größe", "empty", "value"]), found
    assert found["first"].tolist() == [[0.25, 1.25, 2.25], [3.25, 4.25, 5.25]]
    assert found["empty"].shape == (0, 4) and found["value"].shape == ()
    assert all(array.dtype == np.float32 for array in found.values())
    size = struct.unpack("<Q", written.read_bytes()[:8])[0]
    assert size % 8 == 0
    assert list(json.loads(written.read_bytes()[8:8 + size])) == [
        "first", 'a "b" \\ c', "größe", "empty", "value"]
