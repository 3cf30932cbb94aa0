import Components
import Federation
import Kernels
import Tensors

/// The mean that divides by n − 1.
struct MeanOfOneFewer: StandIn {
  var base: any Aggregator

  mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let n = Double(updates.rowCount)
    return try base.aggregate(updates, in: round).scaled(by: n / max(n - 1, 1))
  }
}

/// The median that takes the lower of the two middle values: that of the rows and one far below.
struct LowerMedian: StandIn {
  var base: any Aggregator

  mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    guard updates.rowCount.isMultiple(of: 2) else {
      return try base.aggregate(updates, in: round)
    }
    var values = updates.values
    values.resize(rowCount: updates.rowCount + 1)
    let low = [Float](repeating: -1e30, count: updates.columnCount)
    values.setRow(updates.rowCount, to: low.span)
    var result = try base.aggregate(UpdateMatrix(values), in: round)
    result.verdicts.removeLast()
    return result
  }
}

/// Norm clipping with a bound of its own choice in every round.
struct ClippingTo: StandIn {
  let entry: AggregatorEntry
  let setup: DefenseSetup
  /// From the norms of the round's rows to the bound.
  let bound: @Sendable ([Double]) -> Double

  mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    var base = try made(ArgumentValue.real(bound(updates.norms)))
    return try base.aggregate(updates, in: round)
  }

  private func made(_ bound: ArgumentValue) throws(DefenseError) -> any Aggregator {
    do throws(ConfigurationError) {
      return try entry.make(Arguments(["bound": bound], for: entry.manifest), setup)
    } catch {
      throw .failed(component: entry.manifest.id, reason: error.description)
    }
  }
}

/// Norm clipping that shortens the average of the rows instead of the rows.
struct ClippingOfTheSum: StandIn {
  var base: any Aggregator
  var mean: any Aggregator

  mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let verdicts = try base.aggregate(updates, in: round).verdicts
    let result = try mean.aggregate(updates, in: round)
    let bound = updates.norms.middle
    let norm = Float.squaredNorm(result.update.span).squareRoot()
    var shortened = norm > bound ? result.scaled(by: bound / norm) : result
    shortened.verdicts = verdicts
    return shortened
  }
}

extension Aggregation {
  /// Returns the same decision with a longer or shorter update.
  func scaled(by factor: Double) -> Aggregation {
    var copy = self
    var update = copy.update.mutableSpan
    Float.scale(&update, by: factor)
    return copy
  }
}

extension UpdateMatrix {
  /// The norm of each row.
  var norms: [Double] {
    (0..<rowCount).map { values.norm(ofRow: $0) }
  }
}

extension [Double] {
  /// The median.
  var middle: Double {
    let sorted = sorted()
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
  }
}
