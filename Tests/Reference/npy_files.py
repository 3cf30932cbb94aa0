# numpy 2.4.6
"""Writes the .npy fixtures of Tests/DatasetsTests.

usage: python3 Tests/Reference/npy_files.py

The accepted matrices are 3 x 4 with the value 10 * row + column + 0.25, which every accepted type
holds exactly.
"""
import pathlib

import numpy as np

folder = pathlib.Path(__file__).parents[1] / "DatasetsTests/Fixtures"
folder.mkdir(exist_ok=True)
matrix = 10.0 * np.arange(3)[:, None] + np.arange(4)[None, :] + 0.25


def save(name, array, version=None):
    with (folder / f"{name}.npy").open("wb") as out:
        np.lib.format.write_array(out, np.asanyarray(array), version=version)


for dtype in ["<f4", "<f8", ">f4", ">f8"]:
    name = ("big" if dtype[0] == ">" else "little") + "-" + dtype[1:]
    save(f"{name}-c", matrix.astype(dtype, order="C"))
    save(f"{name}-fortran", matrix.astype(dtype, order="F"))
save("version-2", matrix.astype("<f4"), version=(2, 0))
save("version-3", matrix.astype("<f8"), version=(3, 0))
save("vector", matrix[1].astype("<f4"))
save("one-row-fortran", np.asfortranarray(matrix[:1].astype("<f4")))

special = matrix.astype("<f4")
special[0, 1], special[1, 2], special[2, 3] = np.nan, np.inf, -np.inf
save("special", special)

save("refused-object", np.array([[1, None], ["a", 2.0]], dtype=object))
save("refused-int64", matrix.astype("<i8"))
save("refused-uint8", matrix.astype("u1"))
save("refused-float16", matrix.astype("<f2"))
save("refused-bool", matrix > 3)
save("refused-complex64", matrix.astype("<c8"))
save("refused-text", np.array([["a", "b"]]))
save("refused-records", np.zeros(3, dtype=[("a", "<f4"), ("b", "<f4")]))
save("refused-three-d", np.zeros((2, 3, 4), dtype="<f4"))
save("refused-zero-d", np.float32(1))
save("refused-no-rows", np.zeros((0, 4), dtype="<f4"))
save("refused-no-columns", np.zeros((4, 0), dtype="<f4"))

# What single precision cannot hold: row 2, column 1; and a row of values too small for it.
wide = matrix.copy()
wide[2, 1] = -1e199
save("wide-c", wide)
save("wide-fortran", np.asfortranarray(wide))
tiny = matrix.copy()
tiny[1] = [0, 1e-50, -1e-46, 0]
tiny[2, 0] = 1e-50
save("tiny-c", tiny)
save("tiny-fortran", np.asfortranarray(tiny).astype(">f8"))
