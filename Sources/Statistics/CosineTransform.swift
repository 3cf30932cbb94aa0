/// The discrete cosine transform of type II, orthonormal.
///
/// `X_k = s_k Σ_n x_n cos(π k (2n + 1) / 2N)` with `s_0 = √(1/N)` and `s_k = √(2/N)` for the others,
/// as SciPy's `dct(norm="ortho")`. It keeps the length of a vector.
///
/// *Edge cases*: of no values there are none; one value is its own transform; of equal values all
/// coefficients but the first are 0 up to rounding.
/// *Determinism*: one fixed order of operations per length, with roots of unity of our own, so that
/// the bits are the same on every machine and equal vectors have equal transforms.
/// *Error*: about 1e-16 log N of the length of the vector.
///
/// Reference: Makhoul, IEEE Trans. Acoust. Speech Signal Process. 28, 1980.
public struct CosineTransform: Sendable {
  /// The number of values, N.
  public let length: Int
  /// Of N / 2 complex numbers for an even N, of N for an odd one.
  private let fourier: FourierTransform
  /// e^(−2πi k / N), for an even N.
  private let roots: RootsOfUnity
  /// s_k e^(−πi k / 2N).
  private let real: [Double]
  private let imaginary: [Double]

  /// Prepares the transform of a length.
  ///
  /// - Complexity: O(N log N).
  public init(length: Int) {
    precondition(length >= 0, "a transform of \(length) values")
    self.length = length
    let isEven = length > 0 && length.isMultiple(of: 2)
    fourier = FourierTransform(length: isEven ? length / 2 : max(length, 1))
    roots = RootsOfUnity(isEven ? length : 0)
    let turns = (0..<length).map { k in
      let root = RootsOfUnity.root(k, of: 4 * length)
      let factor = ((k == 0 ? 1 : 2) / Double(length)).squareRoot()
      return (real: root.real * factor, imaginary: root.imaginary * factor)
    }
    real = turns.map(\.real)
    imaginary = turns.map(\.imaginary)
  }

  /// Returns the coefficients of some values, from the lowest frequency up.
  ///
  /// - Precondition: `length` values, all finite.
  /// - Complexity: O(N log N).
  public func coefficients(of values: [Double]) -> [Double] {
    precondition(values.count == length, "\(values.count) values of \(length)")
    guard length > 1 else { return values }
    return length.isMultiple(of: 2) ? even(values) : odd(values)
  }

  /// The values at even places, then those at odd ones from the end: their Fourier transform, turned,
  /// has the coefficients as its real part.
  private func reordered(_ values: [Double], _ place: Int) -> Double {
    2 * place < length ? values[2 * place] : values[2 * (length - place) - 1]
  }

  private func odd(_ values: [Double]) -> [Double] {
    var x = (0..<length).map { reordered(values, $0) }
    var y = [Double](repeating: 0, count: length)
    fourier.transform(&x, &y)
    return (0..<length).map { real[$0] * x[$0] - imaginary[$0] * y[$0] }
  }

  /// Two neighbors make one complex number, so that the transform is half as long.
  private func even(_ values: [Double]) -> [Double] {
    let half = length / 2
    var x = (0..<half).map { reordered(values, 2 * $0) }
    var y = (0..<half).map { reordered(values, 2 * $0 + 1) }
    fourier.transform(&x, &y)
    var result = [Double](repeating: 0, count: length)
    for k in 0..<half {
      let mirror = k == 0 ? 0 : half - k
      // The transforms of the values at even and at odd places.
      let (evenX, evenY) = ((x[k] + x[mirror]) / 2, (y[k] - y[mirror]) / 2)
      let (oddX, oddY) = ((y[k] + y[mirror]) / 2, (x[mirror] - x[k]) / 2)
      let (c, s) = (roots.real[k], roots.imaginary[k])
      let (turnedX, turnedY) = (oddX * c - oddY * s, oddX * s + oddY * c)
      result[k] = real[k] * (evenX + turnedX) - imaginary[k] * (evenY + turnedY)
      result[half + k] =
        real[half + k] * (evenX - turnedX) - imaginary[half + k] * (evenY - turnedY)
    }
    return result
  }
}
