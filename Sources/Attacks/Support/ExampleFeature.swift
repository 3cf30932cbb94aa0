import Components
import Datasets
import Kernels
import Tensors

/// A feature that examples have by themselves: how bright they are in some region.
struct ExampleFeature: Sendable {
  /// Which examples have it.
  enum Side: String, CaseIterable {
    case bright
    case dark
  }

  /// Where it is looked at; of a vector, the halves before and behind the middle.
  enum Region: String, CaseIterable {
    case all
    case top
    case bottom
    case left
    case right

    /// Its features, ascending; halves of an odd extent leave the middle out, unless it is all.
    func positions(in shape: InputShape) -> [Int] {
      switch (self, shape) {
      case (.all, _): return Array(0..<shape.count)
      case (.top, .vector(let count)), (.left, .vector(let count)):
        return Array(0..<max(1, count / 2))
      case (.bottom, .vector(let count)), (.right, .vector(let count)):
        return Array(count - max(1, count / 2)..<count)
      case (_, .image(let height, let width, let channels)):
        let (rows, columns) = (max(1, height / 2), max(1, width / 2))
        let ys =
          self == .top ? 0..<rows : self == .bottom ? height - rows..<height : 0..<height
        let xs =
          self == .left ? 0..<columns : self == .right ? width - columns..<width : 0..<width
        return ys.flatMap { y in
          xs.flatMap { x in (0..<channels).map { (y * width + x) * channels + $0 } }
        }
      }
    }
  }

  static let parameters = [
    ParameterSpec(
      "feature", .choice(Side.allCases.map(\.rawValue)), default: .text("bright"),
      help: "which examples have the feature: those of largest or of smallest mean"),
    ParameterSpec(
      "region", .choice(Region.allCases.map(\.rawValue)), default: .text("all"),
      help: "where the mean of an example is taken"),
    ParameterSpec(
      "quantile", .real(0...1), default: .real(0.1),
      help: "share of the examples that have the feature"),
  ]

  let side: Side
  let region: Region
  let quantile: Double

  init(_ arguments: Arguments) {
    side = Side(rawValue: arguments.text("feature")) ?? .bright
    region = Region(rawValue: arguments.text("region")) ?? .all
    quantile = arguments.real("quantile")
  }

  /// Returns those of some examples that have the feature, ascending: floor(quantile · m) of m, at
  /// least one; of equal means the lower rows.
  ///
  /// Means are sums in double precision, features ascending, divided once.
  ///
  /// - Complexity: O(candidates · features).
  func chosen(from candidates: [Int], of shard: Shard) -> [Int] {
    guard !candidates.isEmpty else { return [] }
    let positions = region.positions(in: shard.shape)
    let means = candidates.map { row in
      shard.inputs.withRow(row) { values in
        var sum = 0.0
        for position in positions { sum += Double(values[position]) }
        return sum / Double(max(1, positions.count))
      }
    }
    let count = max(1, DecimalShare(quantile).count(of: candidates.count))
    let order = candidates.indices.sorted { a, b in
      means[a] == means[b] ? a < b : (means[a] > means[b]) == (side == .bright)
    }
    return order.prefix(count).map { candidates[$0] }.sorted()
  }
}
