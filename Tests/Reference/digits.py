# Python 3, standard library only.
"""Writes Sources/Datasets/Digits/DigitsTable.swift from the rows of the digits data set.

usage: python3 Tests/Reference/digits.py digits.csv.gz

The input has one image per line: 64 pixel counts in 0...16, then the label, separated by commas
(the file that scikit-learn ships, which holds the 1,797 test rows of the UCI data set).
"""
import gzip
import pathlib
import sys

HEADER = '''\
/// The pixels and labels of the bundled digits, written by `Tests/Reference/digits.py`.
///
/// A string literal, because it compiles in no time where an array literal of as many numbers
/// takes the type checker ten seconds.
enum DigitsTable {
  /// One image per line: 64 pixels in row-major order, `a` for 0 up to `q` for 16, and the label.
  ///
  /// E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning
  /// Repository, 1998, CC BY 4.0; changed in form only.
  static let rows = """
'''
FOOTER = '''\
    """
}
'''

with gzip.open(sys.argv[1], "rt") as source:
    rows = [[int(float(v)) for v in line.split(",")] for line in source if line.strip()]
target = pathlib.Path(__file__).parents[2] / "Sources/Datasets/Digits/DigitsTable.swift"
with target.open("w") as out:
    out.write(HEADER)
    for row in rows:
        assert len(row) == 65 and all(0 <= v <= 16 for v in row[:64]) and 0 <= row[64] <= 9
        out.write("    " + "".join(chr(ord("a") + v) for v in row[:64]) + str(row[64]) + "\n")
    out.write(FOOTER)
