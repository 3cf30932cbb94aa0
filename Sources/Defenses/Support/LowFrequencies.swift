import Components
import Statistics
import Tensors

/// The coefficients of low frequency that the tensors of a model have.
///
/// A tensor is a matrix of its first dimension and all others; a vector is one of one row. Of the
/// orthonormal cosine transform along both dimensions of an R × C matrix those at (u, v) are kept that
/// have u / R + v / C <= share: the corner of the lowest frequencies, and the first coefficients of a
/// vector. (0, 0) always is.
struct LowFrequencies: Sendable {
  /// The number of coefficients that are kept.
  let count: Int
  private let tensors: [Tensor]

  /// - Parameters:
  ///   - layout: The tensors.
  ///   - columnCount: The number of values, d; taken as one vector if the layout has another number.
  ///   - share: What part of the frequencies counts as low.
  init(_ layout: ParameterLayout, columnCount: Int, share: DecimalShare) {
    let shapes =
      layout.count == columnCount && columnCount > 0
      ? layout.segments.map(\.shape) : [[columnCount]]
    var start = 0
    tensors = shapes.map { shape in
      let size = shape.reduce(1, *)
      let height = shape.count > 1 && size > 0 ? shape[0] : 1
      defer { start += size }
      return Tensor(start: start, height: height, width: size / max(height, 1), share: share)
    }
    count = tensors.reduce(0) { $0 + $1.kept.reduce(0, +) }
  }

  /// Returns the coefficients of some values times a factor, tensor by tensor, row by row of each,
  /// rounded to single precision.
  ///
  /// - Complexity: O(d log d).
  func coefficients(of values: Span<Float>, times factor: Double) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(count)
    for tensor in tensors { tensor.append(values, times: factor, to: &result) }
    return result
  }

  private struct Tensor: Sendable {
    let start: Int
    let height: Int
    let width: Int
    /// How many coefficients are kept in each row of the transform.
    let kept: [Int]
    private let rows: CosineTransform
    private let columns: CosineTransform

    init(start: Int, height: Int, width: Int, share: DecimalShare) {
      self.start = start
      self.height = height
      self.width = width
      let limit = share.count(of: height * width)
      kept = (0..<height).map { u in
        // v height <= limit − u width.
        u * width > limit ? 0 : min(width, (limit - u * width) / height + 1)
      }
      rows = CosineTransform(length: width)
      columns = CosineTransform(length: height)
    }

    func append(_ values: Span<Float>, times factor: Double, to result: inout [Float]) {
      guard width > 0 else { return }
      let widest = kept[0]
      var lines = (0..<height).map { row in
        let from = start + row * width
        return Array(
          rows.coefficients(of: (0..<width).map { Double(values[from + $0]) * factor })
            .prefix(widest))
      }
      if height > 1 {
        for column in 0..<widest {
          let turned = columns.coefficients(of: lines.map { $0[column] })
          for row in 0..<height { lines[row][column] = turned[row] }
        }
      }
      for (line, count) in zip(lines, kept) {
        for value in line.prefix(count) { result.append(Float(value)) }
      }
    }
  }
}
