// The reductions of `Scalar`. Generic bodies and their concrete entries share this file, so that a
// debug build, which optimizes file by file, specializes them as well.

/// The columns of one block of a reduction.
private let blockSize = 1024

@inline(__always)
private func widened<S: Scalar>(_ pointer: UnsafePointer<S>) -> SIMD8<Double> {
  unsafe SIMD8<Double>(UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<S>.self))
}

/// The last values of a block, with zeros behind.
@inline(__always)
private func widened<S: Scalar>(_ pointer: UnsafePointer<S>, count: Int) -> SIMD8<Double> {
  var lanes = SIMD8<Double>(repeating: 0)
  for i in 0..<count { unsafe lanes[i] = Double(pointer[i]) }
  return lanes
}

/// Adds the eight lanes in the order that `Scalar` states.
@inline(__always)
private func total(_ lanes: SIMD8<Double>) -> Double {
  // Element by element: halves of vectors would make the compiler split the loops above.
  ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]))
}

/// Adds `term(x lanes, y lanes, lanes so far)` over all elements, block by block.
///
/// Missing elements of the last eight are zeros in both, which must add nothing.
@inline(__always)
private func reduce<S: Scalar, T: Scalar>(
  _ x: UnsafePointer<S>, _ y: UnsafePointer<T>, _ count: Int,
  _ term: (SIMD8<Double>, SIMD8<Double>, SIMD8<Double>) -> SIMD8<Double>
) -> Double {
  var sum = 0.0
  var start = 0
  while start < count {
    let end = min(start &+ blockSize, count)
    var lanes = SIMD8<Double>(repeating: 0)
    var i = start
    while i &+ 8 <= end {
      lanes = unsafe term(widened(x + i), widened(y + i), lanes)
      i &+= 8
    }
    if i < end {
      lanes = unsafe term(
        widened(x + i, count: end &- i), widened(y + i, count: end &- i), lanes)
    }
    sum += total(lanes)
    start = end
  }
  return sum
}

@inline(__always)
private func reduce<S: Scalar, T: Scalar>(
  _ name: StaticString, _ x: Span<S>, _ y: Span<T>,
  _ term: (SIMD8<Double>, SIMD8<Double>, SIMD8<Double>) -> SIMD8<Double>
) -> Double {
  precondition(x.count == y.count, "\(name): \(x.count) values against \(y.count)")
  return unsafe x.withUnsafeBufferPointer { x in
    unsafe y.withUnsafeBufferPointer { y in
      guard let first = x.baseAddress, let second = y.baseAddress else { return 0 }
      return unsafe reduce(first, second, x.count, term)
    }
  }
}

@inline(__always)
private func everyIsFinite<S: Scalar>(_ x: Span<S>) -> Bool {
  unsafe x.withUnsafeBufferPointer { x in
    guard let pointer = x.baseAddress else { return true }
    let count = x.count
    var start = 0
    while start < count {
      let end = min(start &+ blockSize, count)
      // 0 × x is ±0 for finite x and NaN for any other; NaN stays in the sum.
      var lanes = SIMD16<S>(repeating: 0)
      var i = start
      while i &+ 16 <= end {
        unsafe lanes += UnsafeRawPointer(pointer + i).loadUnaligned(as: SIMD16<S>.self) * 0
        i &+= 16
      }
      while i < end {
        unsafe lanes[0] += pointer[i] * 0
        i &+= 1
      }
      if lanes != SIMD16<S>(repeating: 0) { return false }
      start = end
    }
    return true
  }
}

@inline(__always)
private func addScaled<S: Scalar>(
  _ factor: Double, _ x: Span<S>, _ y: inout MutableSpan<S>
) {
  precondition(x.count == y.count, "axpy: \(x.count) values against \(y.count)")
  unsafe x.withUnsafeBufferPointer { x in
    unsafe y.withUnsafeMutableBufferPointer { y in
      guard let source = x.baseAddress, let target = y.baseAddress else { return }
      for i in 0..<x.count {
        unsafe target[i] = S(Double(target[i]).addingProduct(factor, Double(source[i])))
      }
    }
  }
}

@inline(__always)
private func multiply<S: Scalar>(_ x: inout MutableSpan<S>, _ factor: Double) {
  unsafe x.withUnsafeMutableBufferPointer { x in
    guard let pointer = x.baseAddress else { return }
    for i in 0..<x.count { unsafe pointer[i] = S(Double(pointer[i]) * factor) }
  }
}

extension Float {
  public static func dot(_ x: Span<Float>, _ y: Span<Float>) -> Double {
    reduce("dot", x, y) { $2.addingProduct($0, $1) }
  }

  public static func sum(_ x: Span<Float>) -> Double {
    reduce("sum", x, x) { x, _, lanes in lanes + x }
  }

  public static func squaredNorm(_ x: Span<Float>) -> Double {
    reduce("squaredNorm", x, x) { x, _, lanes in lanes.addingProduct(x, x) }
  }

  public static func squaredDistance(_ x: Span<Float>, _ y: Span<Float>) -> Double {
    reduce("squaredDistance", x, y) { $2.addingProduct($0 - $1, $0 - $1) }
  }

  /// Returns the squared distance to a point in double precision, in the order of the other form.
  ///
  /// - Precondition: `x.count == y.count`
  public static func squaredDistance(_ x: Span<Float>, _ y: Span<Double>) -> Double {
    reduce("squaredDistance", x, y) { $2.addingProduct($0 - $1, $0 - $1) }
  }

  /// Returns `Σ |x[i]|`, the Manhattan norm, in the order of the reductions of `Scalar`.
  public static func sumOfMagnitudes(_ x: Span<Float>) -> Double {
    reduce("sumOfMagnitudes", x, x) { x, _, lanes in lanes + magnitudes(x) }
  }

  public static func allFinite(_ x: Span<Float>) -> Bool { everyIsFinite(x) }

  public static func axpy(_ factor: Double, _ x: Span<Float>, into y: inout MutableSpan<Float>) {
    addScaled(factor, x, &y)
  }

  public static func scale(_ x: inout MutableSpan<Float>, by factor: Double) {
    multiply(&x, factor)
  }
}

extension Double {
  public static func dot(_ x: Span<Double>, _ y: Span<Double>) -> Double {
    reduce("dot", x, y) { $2.addingProduct($0, $1) }
  }

  public static func sum(_ x: Span<Double>) -> Double {
    reduce("sum", x, x) { x, _, lanes in lanes + x }
  }

  public static func squaredNorm(_ x: Span<Double>) -> Double {
    reduce("squaredNorm", x, x) { x, _, lanes in lanes.addingProduct(x, x) }
  }

  public static func squaredDistance(_ x: Span<Double>, _ y: Span<Double>) -> Double {
    reduce("squaredDistance", x, y) { $2.addingProduct($0 - $1, $0 - $1) }
  }

  public static func allFinite(_ x: Span<Double>) -> Bool { everyIsFinite(x) }

  public static func axpy(_ factor: Double, _ x: Span<Double>, into y: inout MutableSpan<Double>) {
    addScaled(factor, x, &y)
  }

  public static func scale(_ x: inout MutableSpan<Double>, by factor: Double) {
    multiply(&x, factor)
  }
}
