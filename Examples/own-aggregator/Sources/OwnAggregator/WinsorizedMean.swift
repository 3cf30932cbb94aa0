public import Components
public import Federation

/// The mean of each coordinate after its k smallest and k largest values were set to the nearest
/// value that is kept.
public struct WinsorizedMean: Aggregator {
  public static let manifest = ComponentManifest(
    id: "winsorized-mean",
    summary: "The mean of each coordinate, its k smallest and largest values drawn in.",
    formula: "x_(1) … x_(n) sorted; mean of min(max(x_i, x_(k+1)), x_(n−k)), k = f",
    preconditions: ["n > 2f"],
    parameters: [
      ParameterSpec(
        "f", .integer(0...1_000_000),
        default: .plan(.declaredByzantine),
        help: "values to draw in at each end")
    ])

  public static let laws: RuleLaws = [.translation, .equalRows, .singleRow, .order, .range]

  private let k: Int

  public init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError) {
    guard let f = arguments.wholeNumber("f") else {
      throw ConfigurationError(.missingValue(component: Self.manifest.id, name: "f"))
    }
    guard setup.participantCount > 2 * f else {
      throw ConfigurationError(
        .infeasible(
          component: Self.manifest.id,
          reason: "needs n > 2f, and there are \(setup.participantCount) submissions"))
    }
    k = f
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let n = updates.rowCount
    // Rows with values that are not finite were removed: fewer may arrive than were announced.
    let k = min(k, (n - 1) / 2)
    let rows = (0..<n).map { updates.values.row($0) }
    let update = (0..<updates.values.columnCount).map { column in
      let values = rows.map { $0[column] }
      let sorted = values.sorted()
      let (low, high) = (sorted[k], sorted[n - 1 - k])
      let sum = sorted.reduce(0) { $0 + Double(min(max($1, low), high)) }
      return Float(sum / Double(n))
    }
    return Aggregation(
      update: update,
      verdicts: Array(repeating: Verdict(.notJudged, weight: 1 / Double(n)), count: n))
  }
}
