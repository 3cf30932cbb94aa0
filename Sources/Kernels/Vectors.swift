/// Elementwise steps of training on `Float` vectors.
///
/// Each element stands alone; the operation order is the one of the formula, every product with an
/// addition behind it fused. Nothing is allocated.
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
    precondition(
      columnCount >= 1 && matrix.count % columnCount == 0
        && rows.count >= indices.count * columnCount,
      """
      gatherRows: \(indices.count) rows of \(columnCount) values from \(matrix.count) values \
      into \(rows.count)
      """)
    let rowCount = matrix.count / columnCount
    unsafe matrix.withUnsafeBufferPointer { matrix in
      unsafe rows.withUnsafeMutableBufferPointer { rows in
        for position in 0..<indices.count {
          let index = indices[position]
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
