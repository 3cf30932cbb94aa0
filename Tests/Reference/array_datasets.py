# numpy 2.4.6
"""Writes the archives of the data set `arrays` for Tests/DatasetsTests.

usage: python3 Tests/Reference/array_datasets.py
"""
import pathlib
import time

import numpy as np

folder = pathlib.Path(__file__).parents[1] / "DatasetsTests/Fixtures"
# The same bytes at any hour.
time.localtime = lambda *_: time.struct_time((1980, 1, 1, 0, 0, 0, 1, 1, 0))

# As keras.datasets.cifar10 has them: bytes, channels last, labels as a column.
np.savez_compressed(
    folder / "keras.npz",
    x_train=np.arange(5 * 2 * 3 * 3, dtype=np.uint8).reshape(5, 2, 3, 3),
    y_train=np.array([[0], [1], [2], [3], [1]], dtype=np.uint8),
    x_test=np.arange(200, 200 + 2 * 2 * 3 * 3, dtype=np.uint8).reshape(2, 2, 3, 3),
    y_test=np.array([[3], [0]], dtype=np.uint8),
)
# As MedMNIST has them, with arrays that are not used, and labels of eight bytes.
np.savez(
    folder / "medmnist.npz",
    train_images=np.full((3, 2, 2), 255, np.uint8), train_labels=np.array([[2], [0], [1]]),
    val_images=np.zeros((1, 2, 2), np.uint8), val_labels=np.array([[9]]),
    test_images=np.zeros((1, 2, 2), np.uint8), test_labels=np.array([[2]]),
)
