# numpy 2.4.6
"""Writes the .npz fixtures of Tests/DatasetsTests, and checks the one that our writer made.

usage: python3 Tests/Reference/npz_files.py

The elements of each accepted array count up from 0.25 in the order of rows; every accepted type
holds them exactly.
"""
import io
import pathlib
import time
import zipfile

import numpy as np

folder = pathlib.Path(__file__).parents[1] / "DatasetsTests/Fixtures"
folder.mkdir(exist_ok=True)
# The same bytes at any hour.
time.localtime = lambda *_: time.struct_time((1980, 1, 1, 0, 0, 0, 1, 1, 0))


def counting(*shape):
    return np.arange(np.prod(shape, dtype=int)).reshape(shape) + 0.25


arrays = {
    "vector": counting(5).astype("<f4"),
    "matrix": counting(2, 3).astype("<f8"),
    "layer/weights": counting(2, 3, 4).astype(">f4"),
    "fortran": np.asfortranarray(counting(2, 3, 2, 2).astype(">f8")),
    "value": np.float32(0.25),
    "empty": np.zeros((0, 4), dtype="<f4"),
    "größe": counting(1, 1, 1, 1, 1, 1, 1, 2).astype("<f4"),
}
np.savez(folder / "arrays.npz", **arrays)
np.savez_compressed(folder / "arrays-deflated.npz", **arrays)
np.savez(folder / "no-arrays.npz")


def savez(name, arrays, method=zipfile.ZIP_STORED, comment=b"", out=None, repeat=1):
    with zipfile.ZipFile(out or folder / f"{name}.npz", "w", method) as archive:
        for key, array in list(arrays.items()) * repeat:
            data = array
            if not isinstance(array, bytes):
                data = io.BytesIO()
                np.lib.format.write_array(data, np.asanyarray(array))
                data = data.getvalue()
            info = zipfile.ZipInfo(key, (1980, 1, 1, 0, 0, 0))
            info.compress_type = method
            with archive.open(info, "w", force_zip64=zipfile.ZIP64_LIMIT == 0) as member:
                member.write(data)
        archive.comment = comment


class Pipe(io.RawIOBase):
    """Something that cannot go back to write sizes into a header."""

    def __init__(self):
        self.bytes = b""

    def writable(self):
        return True

    def write(self, data):
        self.bytes += bytes(data)
        return len(data)


plain = {"matrix.npy": counting(2, 3).astype("<f4"), "vector.npy": counting(5)}
pipe = Pipe()
savez("descriptors", plain, zipfile.ZIP_DEFLATED, out=pipe)
(folder / "descriptors.npz").write_bytes(pipe.bytes)
savez("commented", plain, comment=b"a comment, PK\5\6 and all")

# Every number of the directory in a field of ZIP64.
limits = zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT
zipfile.ZIP64_LIMIT = zipfile.ZIP_FILECOUNT_LIMIT = 0
savez("zip64", plain)
zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT = limits

savez("refused-bzip2", plain, zipfile.ZIP_BZIP2)
savez("refused-int64-member", {**plain, "labels.npy": np.arange(3)})
savez("refused-nine-d", {"a.npy": counting(*[1] * 9)})
savez("refused-no-array", {**plain, "notes.txt": b"text"})
savez("refused-twice", plain, repeat=2)
savez("refused-control", {"a\x1b[31m.npy": counting(1)})
savez("refused-wide-member", {"w.npy": counting(2, 2) * 1e199})
savez("refused-wide-layer", {"w.npy": counting(2, 2, 2) * 1e199})

# What our own writer made of the same arrays; its order, names and values.
with np.load(folder / "written.npz") as written:
    assert list(written) == list(arrays)
    for key, array in arrays.items():
        assert written[key].dtype == np.float32 and written[key].shape == array.shape
        assert np.array_equal(written[key], array)
    assert zipfile.ZipFile(folder / "written.npz").testzip() is None

# Names that lead out of a folder, which nothing honest writes.
savez("refused-absolute", {"/etc/a.npy": arrays["vector"]})
savez("refused-parent", {"a/../../b.npy": arrays["vector"]})
