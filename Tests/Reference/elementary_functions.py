# mpmath 1.3.0
"""Coefficients of Sources/Determinism/ElementaryFunctions*.swift.

Each polynomial interpolates its function at Chebyshev nodes of the reduced interval, computed with
60 digits and rounded once to the target type. Run it to print the coefficients in hexadecimal,
lowest degree first, and the relative error that the rounded polynomial adds to the function.
"""
import struct
from mpmath import mp, mpf, cos, cosh, exp, log, lu_solve, matrix, pi, sin, sqrt, tanh

mp.dps = 60


def rounded(value, single):
    value = float(value)
    return struct.unpack("f", struct.pack("f", value))[0] if single else value


def fit(name, function, low, high, degree, restore, truth, single=False):
    nodes = [(low + high) / 2 + (high - low) / 2 * cos(pi * (2 * i + 1) / (2 * (degree + 1)))
             for i in range(degree + 1)]
    rows = matrix(degree + 1, degree + 1)
    right = matrix(degree + 1, 1)
    for i, node in enumerate(nodes):
        right[i] = function(node)
        for j in range(degree + 1):
            rows[i, j] = node ** j
    coefficients = [rounded(c, single) for c in lu_solve(rows, right)]
    worst = mpf(0)
    for i in range(1, 2000):
        x = low + (high - low) * i / 2000 + mpf("1e-9")
        p = sum(mpf(c) * x ** j for j, c in enumerate(coefficients))
        worst = max(worst, abs(restore(x, p) / truth(x) - 1))
    print(name, "relative error", mp.nstr(worst, 3))
    for c in coefficients:
        print("   ", c.hex())


def split(name, value, bits):
    """Prints a constant as parts of the given widths; the last part has 53 (or 24) bits."""
    for width in bits:
        m, e = mp.frexp(value)
        part = mp.floor(m * 2 ** width) / 2 ** width * mpf(2) ** e if width < 53 else mpf(float(value))
        print(name, float(part).hex())
        value -= part


ln2 = log(mpf(2))
half = ln2 / 2 + mpf("1e-4")
e_series = lambda r: (exp(r) - 1 - r) / r ** 2 if abs(r) > mpf("1e-15") else mpf(1) / 2 + r / 6
fit("exp", e_series, -half, half, 9, lambda r, p: 1 + r + r * r * p, exp)
fit("expf", e_series, -half, half, 4, lambda r, p: 1 + r + r * r * p, exp, single=True)

s_top = ((sqrt(mpf(2)) - 1) / (sqrt(mpf(2)) + 1)) ** 2 + mpf("1e-6")
log_ratio = lambda s: log((1 + s) / (1 - s))
fit("log", lambda z: (log_ratio(sqrt(z)) / sqrt(z) - 2) / z, mpf(0), s_top, 6,
    lambda z, p: sqrt(z) * (2 + z * p), lambda z: log_ratio(sqrt(z)))

z_top = (pi / 4) ** 2 + mpf("1e-4")
fit("sin", lambda z: (sin(sqrt(z)) / sqrt(z) - 1) / z, mpf(0), z_top, 5,
    lambda z, p: sqrt(z) * (1 + z * p), lambda z: sin(sqrt(z)))
fit("cos", lambda z: (cos(sqrt(z)) - 1 + z / 2) / z ** 2, mpf(0), z_top, 5,
    lambda z, p: 1 - z / 2 + z * z * p, lambda z: cos(sqrt(z)))
t_top = mpf("0.55") ** 2
fit("tanh", lambda z: (tanh(sqrt(z)) / sqrt(z) - 1) / z, mpf(0), t_top, 11,
    lambda z, p: sqrt(z) * (1 + z * p), lambda z: tanh(sqrt(z)))

split("ln2 (k times the first part is exact for |k| < 2048)", ln2, [42, 53])
split("ln2 float", ln2, [15, 24])
split("pi/2 (k times a part is exact for |k| < 2^20)", pi / 2, [33, 33, 53])
print("1/ln2", float(1 / ln2).hex(), rounded(1 / ln2, True).hex(), "2/pi", float(2 / pi).hex())
