/// Elementwise steps of training on `Float` vectors.
///
/// Each element stands alone; the operation order is the one of the formula, every product with an
/// addition behind it fused unless a comment says otherwise. Nothing is allocated.
public enum Vectors {
  /// Takes one step of gradient descent: `p −= rate × (g + decay × p)`.
  ///
  /// Two fused steps per element; with `weightDecay` 0 the inner one is left out.
  ///
  /// - Parameters:
  ///   - parameters: The parameters p, changed in place.
  ///   - gradient: The gradient g of the mean loss.
  ///   - learningRate: The rate.
  ///   - weightDecay: The decay, added to the gradient.
  /// - Precondition: `parameters.count == gradient.count`
  /// - Complexity: O(`parameters.count`).
  public static func sgdStep(
    _ parameters: inout MutableSpan<Float>, gradient: Span<Float>,
    learningRate: Float, weightDecay: Float
  ) {
    check("sgdStep", parameters.count, gradient.count)
    unsafe gradient.withUnsafeBufferPointer { gradient in
      unsafe parameters.withUnsafeMutableBufferPointer { parameters in
        guard let g = gradient.baseAddress, let p = parameters.baseAddress else { return }
        if weightDecay == 0 {
          for i in 0..<parameters.count { unsafe p[i] = p[i].addingProduct(-learningRate, g[i]) }
        } else {
          for i in 0..<parameters.count {
            let slope = unsafe g[i].addingProduct(weightDecay, p[i])
            unsafe p[i] = p[i].addingProduct(-learningRate, slope)
          }
        }
      }
    }
  }

  /// Takes one step with momentum: `v = m × v + (g + decay × p)`, then `p −= rate × v`.
  ///
  /// This is PyTorch's convention without dampening; a first step from v = 0 gives v = g. Three
  /// fused steps per element; with `weightDecay` 0 the innermost one is left out.
  ///
  /// - Parameters:
  ///   - parameters: The parameters p, changed in place.
  ///   - velocity: The velocity v, changed in place.
  ///   - gradient: The gradient g of the mean loss.
  ///   - learningRate: The rate.
  ///   - weightDecay: The decay, added to the gradient.
  ///   - momentum: The factor m of the earlier velocity.
  /// - Precondition: The three spans have one length.
  /// - Complexity: O(`parameters.count`).
  public static func sgdStep(
    _ parameters: inout MutableSpan<Float>, velocity: inout MutableSpan<Float>,
    gradient: Span<Float>, learningRate: Float, weightDecay: Float, momentum: Float
  ) {
    check("sgdStep", parameters.count, gradient.count)
    check("sgdStep", parameters.count, velocity.count)
    unsafe gradient.withUnsafeBufferPointer { gradient in
      unsafe velocity.withUnsafeMutableBufferPointer { velocity in
        unsafe parameters.withUnsafeMutableBufferPointer { parameters in
          guard let g = gradient.baseAddress, let v = velocity.baseAddress,
            let p = parameters.baseAddress
          else { return }
          if weightDecay == 0 {
            for i in 0..<parameters.count {
              let speed = unsafe g[i].addingProduct(momentum, v[i])
              unsafe v[i] = speed
              unsafe p[i] = p[i].addingProduct(-learningRate, speed)
            }
          } else {
            for i in 0..<parameters.count {
              let slope = unsafe g[i].addingProduct(weightDecay, p[i])
              let speed = slope.addingProduct(momentum, unsafe v[i])
              unsafe v[i] = speed
              unsafe p[i] = p[i].addingProduct(-learningRate, speed)
            }
          }
        }
      }
    }
  }

  /// Takes one step of a client that keeps its own momentum: `m = β m + (1 − β) g`, then `−rate × m`.
  ///
  /// Per element `β × m`, `(1 − β) × g` and their sum are each rounded once, none is fused; 1 − β is
  /// rounded once before. The last product is `(−rate) × m` with the new m.
  ///
  /// - Parameters:
  ///   - momentum: The momentum m, changed in place.
  ///   - row: The gradient g; the update afterwards.
  ///   - beta: The factor β of the earlier momentum.
  ///   - learningRate: The rate.
  /// - Precondition: `momentum.count == row.count`
  /// - Complexity: O(`row.count`).
  public static func workerMomentum(
    _ momentum: inout MutableSpan<Float>, _ row: inout MutableSpan<Float>,
    beta: Float, learningRate: Float
  ) {
    check("workerMomentum", momentum.count, row.count)
    let share = 1 - beta
    unsafe momentum.withUnsafeMutableBufferPointer { momentum in
      unsafe row.withUnsafeMutableBufferPointer { row in
        guard let m = momentum.baseAddress, let g = row.baseAddress else { return }
        for i in 0..<row.count {
          let moved = unsafe beta * m[i] + share * g[i]
          unsafe m[i] = moved
          unsafe g[i] = -learningRate * moved
        }
      }
    }
  }

  /// Writes `difference[i] = x[i] − y[i]`: an update is `local − global`.
  ///
  /// - Parameters:
  ///   - x: What is subtracted from.
  ///   - y: What is subtracted.
  ///   - difference: The result, overwritten.
  /// - Precondition: The three spans have one length.
  /// - Complexity: O(`x.count`).
  public static func subtract(
    _ x: Span<Float>, _ y: Span<Float>, into difference: inout MutableSpan<Float>
  ) {
    check("subtract", x.count, y.count)
    check("subtract", x.count, difference.count)
    unsafe x.withUnsafeBufferPointer { x in
      unsafe y.withUnsafeBufferPointer { y in
        unsafe difference.withUnsafeMutableBufferPointer { difference in
          guard let a = x.baseAddress, let b = y.baseAddress, let target = difference.baseAddress
          else { return }
          for i in 0..<x.count { unsafe target[i] = a[i] - b[i] }
        }
      }
    }
  }

  /// Adds each `x[i] − origin[i]` and its square, in `Double`, to sums.
  ///
  /// The square is rounded before it is added.
  ///
  /// - Parameters:
  ///   - x: What the sums are taken of.
  ///   - origin: What is subtracted.
  ///   - sums: The sums of differences, in place.
  ///   - squares: The sums of squared differences, in place.
  /// - Precondition: The four spans have one length.
  /// - Complexity: O(`x.count`).
  public static func addDifferences(
    _ x: Span<Float>, from origin: Span<Float>, to sums: inout MutableSpan<Double>,
    squares: inout MutableSpan<Double>
  ) {
    check("addDifferences", x.count, origin.count)
    check("addDifferences", x.count, sums.count)
    check("addDifferences", x.count, squares.count)
    unsafe x.withUnsafeBufferPointer { x in
      unsafe origin.withUnsafeBufferPointer { origin in
        unsafe sums.withUnsafeMutableBufferPointer { sums in
          unsafe squares.withUnsafeMutableBufferPointer { squares in
            guard let a = x.baseAddress, let b = origin.baseAddress, let s = sums.baseAddress,
              let q = squares.baseAddress
            else { return }
            for i in 0..<x.count {
              let difference = unsafe Double(a[i]) - Double(b[i])
              unsafe s[i] += difference
              unsafe q[i] += difference * difference
            }
          }
        }
      }
    }
  }

  /// Counts the places where `(factor × (x[i] − origin[i]) − sums[i])² > limits[i]`, in `Double`,
  /// each step rounded.
  ///
  /// - Parameters:
  ///   - x: What is compared.
  ///   - origin: What is subtracted from it.
  ///   - factor: What the difference is multiplied by.
  ///   - sums: What is subtracted from the product.
  ///   - limits: What the square is compared to.
  /// - Returns: The number of places.
  /// - Precondition: The four spans have one length.
  /// - Complexity: O(`x.count`).
  public static func countBeyond(
    _ x: Span<Float>, from origin: Span<Float>, times factor: Double, sums: Span<Double>,
    limits: Span<Double>
  ) -> Int {
    check("countBeyond", x.count, origin.count)
    check("countBeyond", x.count, sums.count)
    check("countBeyond", x.count, limits.count)
    return unsafe x.withUnsafeBufferPointer { x in
      unsafe origin.withUnsafeBufferPointer { origin in
        unsafe sums.withUnsafeBufferPointer { sums in
          unsafe limits.withUnsafeBufferPointer { limits in
            guard let a = x.baseAddress, let b = origin.baseAddress, let s = sums.baseAddress,
              let q = limits.baseAddress
            else { return 0 }
            var counts = SIMD8<Int64>(repeating: 0)
            let vectorEnd = x.count & ~7
            for i in stride(from: 0, to: vectorEnd, by: 8) {
              let difference = unsafe widened(a + i) - widened(b + i)
              let gap = unsafe difference * factor - loadEight(s + i)
              let isBeyond = unsafe gap * gap .> loadEight(q + i)
              counts.replace(with: counts &+ 1, where: isBeyond)
            }
            var count = Int(counts.wrappedSum())
            for i in vectorEnd..<x.count {
              let gap = unsafe factor * (Double(a[i]) - Double(b[i])) - s[i]
              unsafe count &+= gap * gap > q[i] ? 1 : 0
            }
            return count
          }
        }
      }
    }
  }

  /// Counts the values above 0, less those below; zeros of both signs and NaN are neither.
  ///
  /// - Parameter x: At most 2³¹ − 1 values.
  /// - Returns: The difference.
  /// - Complexity: O(`x.count`).
  public static func signSurplus(_ x: Span<Float>) -> Int {
    unsafe x.withUnsafeBufferPointer { x in
      guard let pointer = x.baseAddress else { return 0 }
      let zero = SIMD8<Float>(repeating: 0)
      var counts = SIMD8<Int32>(repeating: 0)
      let vectorEnd = x.count & ~7
      for i in stride(from: 0, to: vectorEnd, by: 8) {
        let values = unsafe UnsafeRawPointer(pointer + i).loadUnaligned(as: SIMD8<Float>.self)
        counts.replace(with: counts &+ 1, where: values .> zero)
        counts.replace(with: counts &- 1, where: values .< zero)
      }
      var surplus = Int(counts.wrappedSum())
      for i in vectorEnd..<x.count {
        unsafe surplus &+= (pointer[i] > 0 ? 1 : 0) &- (pointer[i] < 0 ? 1 : 0)
      }
      return surplus
    }
  }

  /// Adds `factor × x[i]` to each `y[i]`, fused in `Float`.
  ///
  /// - Parameters:
  ///   - factor: The factor.
  ///   - x: What is multiplied.
  ///   - y: What is added to, in place.
  /// - Precondition: `x.count == y.count`
  /// - Complexity: O(`x.count`).
  public static func axpy(_ factor: Float, _ x: Span<Float>, into y: inout MutableSpan<Float>) {
    check("axpy", x.count, y.count)
    unsafe x.withUnsafeBufferPointer { x in
      unsafe y.withUnsafeMutableBufferPointer { y in
        guard let source = x.baseAddress, let target = y.baseAddress else { return }
        for i in 0..<x.count { unsafe target[i] = target[i].addingProduct(factor, source[i]) }
      }
    }
  }

  /// Multiplies each value by `factor`.
  ///
  /// - Parameters:
  ///   - values: The values, changed in place.
  ///   - factor: The factor.
  /// - Complexity: O(`values.count`).
  public static func scale(_ values: inout MutableSpan<Float>, by factor: Float) {
    unsafe values.withUnsafeMutableBufferPointer { values in
      guard let pointer = values.baseAddress else { return }
      for i in 0..<values.count { unsafe pointer[i] *= factor }
    }
  }

  /// Copies the rows with the given indices, in that order: samples of a shard into a batch.
  ///
  /// - Parameters:
  ///   - matrix: A whole number of rows of `columnCount` values.
  ///   - columnCount: The length of a row.
  ///   - indices: The rows to copy; a row may occur more than once.
  ///   - rows: At least `indices.count × columnCount` values; the ones behind stay as they are.
  /// - Precondition: The sizes fit, and every index is that of a row.
  /// - Complexity: O(`indices.count` × `columnCount`).
  public static func gatherRows(
    of matrix: Span<Float>, columnCount: Int, indices: Span<Int>,
    into rows: inout MutableSpan<Float>
  ) {
    gather(of: matrix, columnCount, indices.count, into: &rows) { indices[$0] }
  }

  /// Copies rows as ``gatherRows(of:columnCount:indices:into:)`` does, by the places of rows.
  ///
  /// `places` has the row of `matrix` for each index that may occur.
  ///
  /// - Precondition: The sizes fit, every index is that of a place, and every place that of a row.
  public static func gatherRows(
    of matrix: Span<Float>, columnCount: Int, places: Span<Int>, indices: Span<Int>,
    into rows: inout MutableSpan<Float>
  ) {
    gather(of: matrix, columnCount, indices.count, into: &rows) { places[indices[$0]] }
  }

  @inline(__always)
  private static func gather(
    of matrix: Span<Float>, _ columnCount: Int, _ count: Int, into rows: inout MutableSpan<Float>,
    row: (Int) -> Int
  ) {
    precondition(
      columnCount >= 1 && matrix.count % columnCount == 0 && rows.count >= count * columnCount,
      """
      gatherRows: \(count) rows of \(columnCount) values from \(matrix.count) values \
      into \(rows.count)
      """)
    let rowCount = matrix.count / columnCount
    unsafe matrix.withUnsafeBufferPointer { matrix in
      unsafe rows.withUnsafeMutableBufferPointer { rows in
        for position in 0..<count {
          let index = row(position)
          precondition(index >= 0 && index < rowCount, "gatherRows: row \(index) of \(rowCount)")
          guard let source = matrix.baseAddress, let target = rows.baseAddress else { return }
          unsafe (target + position &* columnCount).update(
            from: source + index &* columnCount, count: columnCount)
        }
      }
    }
  }

  private static func check(_ name: StaticString, _ count: Int, _ other: Int) {
    precondition(count == other, "\(name): \(count) values against \(other)")
  }
}

@inline(__always)
private func widened(_ pointer: UnsafePointer<Float>) -> SIMD8<Double> {
  let values = unsafe UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<Float>.self)
  return SIMD8<Double>(values)
}

@inline(__always)
private func loadEight(_ pointer: UnsafePointer<Double>) -> SIMD8<Double> {
  unsafe UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<Double>.self)
}
