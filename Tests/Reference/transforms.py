"""DCT and PCA in float64 -> Tests/StatisticsTests/Fixtures/transforms.json.

Run with Python 3.11, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.9.1:
`python3 Tests/Reference/transforms.py`.

Definitions.
- cosine: scipy.fft.dct(type=2, norm="ortho") of values i * a mod m, in units of 2**-7, less 3; the
  coefficients at some places, all of them up to 64 values.
- components: sklearn.decomposition.PCA(svd_solver="full"), the sign of each direction turned so that
  the point farthest out, the first of several, has a positive coordinate; variances are sklearn's
  explained_variance_, zeros of one point. Directions without variance have zeros.
"""

import numpy as np
from scipy.fft import dct
from sklearn.decomposition import PCA

from fixture import normal, write


def cosine_cases():
    cases = []
    small = list(range(1, 33)) + [49, 53, 60, 61, 64]
    large = [97, 100, 121, 127, 210, 529, 784, 1000, 1009, 1024, 3125, 7850, 8191, 10_000, 65_536]
    for length in small + large:
        a, m = 7919, 2039
        x = (np.arange(length) * a % m) / 128 - 3
        y = dct(x, type=2, norm="ortho")
        if length <= 64:
            places = list(range(length))
        else:
            places = sorted({0, 1, 2, length // 3, length // 2, length // 2 + 1, length - 1})
        cases.append({"length": length, "places": places, "coefficients": y[places]})
    return cases


def components(name, points, count):
    points = np.array(points, dtype=np.float64)
    n, d = points.shape
    found = np.zeros((n, count))
    variances = np.zeros(count)
    if n > 1 and d > 0 and np.ptp(points, axis=0).max() > 0:
        k = min(count, n, d)
        model = PCA(n_components=k, svd_solver="full").fit(points)
        z = model.transform(points)
        for place in range(k):
            if model.explained_variance_[place] < 1e-20 * model.explained_variance_[0]:
                continue
            variances[place] = model.explained_variance_[place]
            size = np.abs(z[:, place])
            leading = np.argmax(size > size.max() * (1 - 1e-9))
            found[:, place] = z[:, place] * np.sign(z[leading, place])
    return {
        "name": name, "points": points, "count": count, "coordinates": found,
        "variances": variances,
    }


def main():
    cases = [
        components("normal 7x5", normal(2000, 7, 5), 2),
        components("normal 5x30", normal(2001, 5, 30), 3),
        components("more points than rows are direct", normal(2002, 60, 8) * np.arange(1, 9), 3),
        components("one point", [[1, 2, 3]], 2),
        components("two points", [[1, 2, 3], [2, 2, 1]], 2),
        components("equal points", [[0.1, -2.5, 3.75]] * 5, 2),
        components("many equal points", [[0.1, -2.5, 3.75]] * 50, 2),
        components("duplicates", [[1, 2], [1, 2], [5, 1], [5, 1], [2, 2]], 2),
        components("on a line", [[k, 2 * k, -k] for k in [0, 1, 3, 7, 8]], 2),
        components("many on a line", [[k, 2 * k, -k] for k in np.arange(45) ** 2 % 17], 2),
        components("one coordinate", [[1], [4], [2]], 2),
        components("far from the origin", 2.0**10 + normal(2003, 6, 4), 2),
        components("tiny", 2.0**-300 * normal(2004, 6, 4), 2),
    ]
    write(
        "StatisticsTests/Fixtures/transforms.json",
        {"script": "Tests/Reference/transforms.py", "cosine": cosine_cases(),
         "components": cases},
    )


if __name__ == "__main__":
    main()
