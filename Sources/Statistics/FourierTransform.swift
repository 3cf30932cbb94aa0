import Determinism

/// The discrete Fourier transform of complex numbers: `Y_k = Σ_n x_n e^(−2πi k n / N)`.
///
/// Lengths whose prime factors are at most 23 are split factor by factor. Others are turned into a
/// convolution of a power of two by Bluestein's chirp. The roots of unity come from our own sine and
/// cosine of angles that are reduced as whole numbers, so that they are exact to the last digit.
///
/// *Determinism*: one fixed order of operations per length.
///
/// Reference: Cooley and Tukey, Math. Comput. 19, 1965; Bluestein, IEEE Trans. Audio Electroacoust.
/// 18, 1970.
struct FourierTransform: Sendable {
  let length: Int
  /// The factors, of which the first splits last; none if the chirp is used.
  private let factors: [Int]
  private let roots: RootsOfUnity
  private let chirp: Chirp?

  private static let largestFactor = 23

  init(length: Int) {
    precondition(length >= 1, "a transform of \(length) values")
    self.length = length
    let (factors, rest) = Self.factors(of: length)
    self.factors = rest == 1 ? factors : []
    chirp = rest == 1 ? nil : Chirp(length: length)
    roots = RootsOfUnity(rest == 1 ? length : 1)
  }

  /// Transforms in place.
  ///
  /// - Precondition: Both parts have `length` values.
  /// - Complexity: O(N log N).
  func transform(_ real: inout [Double], _ imaginary: inout [Double]) {
    precondition(
      real.count == length && imaginary.count == length,
      "\(real.count) and \(imaginary.count) parts of \(length) values")
    if let chirp { return chirp.transform(&real, &imaginary) }
    guard length > 1 else { return }
    var split = SplitTransform(
      real: real, imaginary: imaginary, factors: factors, roots: roots)
    split.run(level: 0, count: length, from: 0, stride: 1, to: 0)
    swap(&real, &split.outputReal)
    swap(&imaginary, &split.outputImaginary)
  }

  /// Fours first, then ascending primes, and what is left of the length.
  private static func factors(of length: Int) -> ([Int], rest: Int) {
    var found: [Int] = []
    var rest = length
    for factor in [4] + Array(2...largestFactor) {
      while rest % factor == 0 {
        found.append(factor)
        rest /= factor
      }
    }
    return (found, rest)
  }
}

/// e^(−2πi k / N) for k in 0 ..< N.
struct RootsOfUnity: Sendable {
  let real: [Double]
  let imaginary: [Double]

  init(_ count: Int) {
    let values = (0..<count).map { Self.root($0, of: count) }
    real = values.map(\.real)
    imaginary = values.map(\.imaginary)
  }

  /// Returns e^(−2πi k / N); the angle is reduced to an eighth of the circle first.
  ///
  /// - Precondition: `0 <= k < count`, and 8 `count` is a whole number of `Int`.
  static func root(_ k: Int, of count: Int) -> (real: Double, imaginary: Double) {
    // In eighths of 1 / N of the circle.
    let position = 8 * k
    let octant = position / count
    // The distance from the multiple of a quarter that is nearest.
    let quarter = (octant + 1) / 2
    let offset = position - 2 * quarter * count
    let angle = 0x1.921fb54442d18p-1 * Double(abs(offset)) / Double(count)
    let cosine = ElementaryFunctions.cos(angle)
    let sine = offset < 0 ? -ElementaryFunctions.sin(angle) : ElementaryFunctions.sin(angle)
    switch quarter % 4 {
    case 0: return (cosine, -sine)
    case 1: return (-sine, -cosine)
    case 2: return (-cosine, sine)
    default: return (sine, cosine)
    }
  }
}

/// The recursion over factors, from one pair of arrays into another.
private struct SplitTransform {
  let real: [Double]
  let imaginary: [Double]
  let factors: [Int]
  let roots: RootsOfUnity
  var outputReal: [Double]
  var outputImaginary: [Double]
  private var terms: [(real: Double, imaginary: Double)]

  init(real: [Double], imaginary: [Double], factors: [Int], roots: RootsOfUnity) {
    self.real = real
    self.imaginary = imaginary
    self.factors = factors
    self.roots = roots
    outputReal = real
    outputImaginary = imaginary
    terms = .init(repeating: (0, 0), count: factors.reduce(0, max))
  }

  /// Transforms `count` values from `start` on in steps of `stride` to consecutive places.
  mutating func run(level: Int, count: Int, from start: Int, stride: Int, to target: Int) {
    let factor = factors[level]
    let part = count / factor
    for r in 0..<factor {
      if part == 1 {
        outputReal[target + r] = real[start + r * stride]
        outputImaginary[target + r] = imaginary[start + r * stride]
      } else {
        run(
          level: level + 1, count: part, from: start + r * stride, stride: stride * factor,
          to: target + r * part)
      }
    }
    let step = roots.real.count / count
    switch factor {
    case 2: for k in 0..<part { two(target + k, part, k * step) }
    case 4: for k in 0..<part { four(target + k, part, k * step) }
    default:
      for k in 0..<part {
        odd(factor, target + k, part, k * step)
      }
    }
  }

  /// A value times the root of a position.
  private func turned(_ place: Int, _ root: Int) -> (real: Double, imaginary: Double) {
    let (x, y) = (outputReal[place], outputImaginary[place])
    let (c, s) = (roots.real[root], roots.imaginary[root])
    return (x * c - y * s, x * s + y * c)
  }

  private mutating func set(_ place: Int, _ x: Double, _ y: Double) {
    outputReal[place] = x
    outputImaginary[place] = y
  }

  private mutating func two(_ place: Int, _ part: Int, _ root: Int) {
    let (x, y) = (outputReal[place], outputImaginary[place])
    let b = turned(place + part, root)
    set(place, x + b.real, y + b.imaginary)
    set(place + part, x - b.real, y - b.imaginary)
  }

  private mutating func four(_ place: Int, _ part: Int, _ root: Int) {
    let (x, y) = (outputReal[place], outputImaginary[place])
    let b = turned(place + part, root)
    let c = turned(place + 2 * part, 2 * root)
    let d = turned(place + 3 * part, 3 * root)
    let (evenX, evenY) = (x + c.real, y + c.imaginary)
    let (oddX, oddY) = (x - c.real, y - c.imaginary)
    let (sumX, sumY) = (b.real + d.real, b.imaginary + d.imaginary)
    let (gapX, gapY) = (b.real - d.real, b.imaginary - d.imaginary)
    set(place, evenX + sumX, evenY + sumY)
    set(place + part, oddX + gapY, oddY - gapX)
    set(place + 2 * part, evenX - sumX, evenY - sumY)
    set(place + 3 * part, oddX - gapY, oddY + gapX)
  }

  /// An odd factor p: values p − r and r share their cosines and sines.
  private mutating func odd(_ p: Int, _ place: Int, _ part: Int, _ root: Int) {
    terms[0] = (outputReal[place], outputImaginary[place])
    var (x, y) = terms[0]
    let half = p / 2
    for r in 1...half {
      let a = turned(place + r * part, r * root)
      let b = turned(place + (p - r) * part, (p - r) * root)
      terms[r] = (a.real + b.real, a.imaginary + b.imaginary)
      terms[p - r] = (a.real - b.real, a.imaginary - b.imaginary)
      x += terms[r].real
      y += terms[r].imaginary
    }
    let step = roots.real.count / p
    for q in 1...half {
      var even = terms[0]
      var odd = (real: 0.0, imaginary: 0.0)
      var position = 0
      for r in 1...half {
        position += q
        if position >= p { position -= p }
        let (c, s) = (roots.real[position * step], roots.imaginary[position * step])
        even.real += c * terms[r].real
        even.imaginary += c * terms[r].imaginary
        odd.real -= s * terms[p - r].imaginary
        odd.imaginary += s * terms[p - r].real
      }
      set(place + q * part, even.real + odd.real, even.imaginary + odd.imaginary)
      set(place + (p - q) * part, even.real - odd.real, even.imaginary - odd.imaginary)
    }
    set(place, x, y)
  }
}

/// A transform of any length as a convolution: k n = (k² + n² − (k − n)²) / 2.
private final class Chirp: Sendable {
  private let length: Int
  private let inner: FourierTransform
  /// e^(−πi n² / N).
  private let real: [Double]
  private let imaginary: [Double]
  /// The transform of what is convolved with.
  private let kernelReal: [Double]
  private let kernelImaginary: [Double]

  init(length: Int) {
    self.length = length
    var size = 1
    while size < 2 * length - 1 { size *= 2 }
    inner = FourierTransform(length: size)
    let roots = (0..<length).map { n in
      RootsOfUnity.root(n * n % (2 * length), of: 2 * length)
    }
    real = roots.map(\.real)
    imaginary = roots.map(\.imaginary)
    var x = [Double](repeating: 0, count: size)
    var y = x
    for n in 0..<length {
      x[n] = real[n]
      y[n] = -imaginary[n]
      if n > 0 {
        x[size - n] = real[n]
        y[size - n] = -imaginary[n]
      }
    }
    inner.transform(&x, &y)
    kernelReal = x
    kernelImaginary = y
  }

  func transform(_ valueReal: inout [Double], _ valueImaginary: inout [Double]) {
    let size = inner.length
    var x = [Double](repeating: 0, count: size)
    var y = x
    for n in 0..<length {
      x[n] = valueReal[n] * real[n] - valueImaginary[n] * imaginary[n]
      y[n] = valueReal[n] * imaginary[n] + valueImaginary[n] * real[n]
    }
    inner.transform(&x, &y)
    // Conjugated, so that another forward transform takes it back.
    for k in 0..<size {
      let (a, b) = (x[k], y[k])
      x[k] = a * kernelReal[k] - b * kernelImaginary[k]
      y[k] = -(a * kernelImaginary[k] + b * kernelReal[k])
    }
    inner.transform(&x, &y)
    for k in 0..<length {
      let (a, b) = (x[k] / Double(size), -y[k] / Double(size))
      valueReal[k] = a * real[k] - b * imaginary[k]
      valueImaginary[k] = a * imaginary[k] + b * real[k]
    }
  }
}
