public import Components
public import Federation
import Tensors

/// Replaces each row by the average of its n − f nearest rows, itself included.
///
/// Ties go to the lowest row, but a row is always the first of its own neighbors. Each new row
/// stands for the clients of the rows in it, in equal parts; weights become uniform. With fewer
/// rows than announced at least one is averaged.
///
/// - Complexity: O(n² d), and a second matrix of n × d values; about 40 n² bytes.
/// - Note: Allouah, Farhadkhani, Guerraoui, Gupta, Pinot, Stephan, "Fixing by mixing", AISTATS 2023.
public struct NearestNeighborMixing: PreAggregator {
  public static let manifest = ComponentManifest(
    id: "nnm",
    summary: "Replaces each update by the average of its n − f nearest ones.",
    formula: "x_i becomes the average of the n − f rows nearest to x_i, x_i included",
    preconditions: ["n > f"],
    citations: [
      Citation(
        ["Allouah", "Farhadkhani", "Guerraoui", "Gupta", "Pinot", "Stephan"],
        "Fixing by mixing: a recipe for optimal Byzantine ML under heterogeneity", "AISTATS", 2023,
        arXiv: "2302.01772")
    ],
    parameters: [
      ParameterSpec(
        "f", .integer(0...1_000_000), default: .plan(.declaredByzantine),
        help: "declared number of Byzantine submissions")
    ])

  public static let bound: RobustnessBound? = KnownBounds.mixing
  public static let mixesRows = true

  private let f: Int

  /// Distances, weights and the clients of each new row, and the new rows.
  public static func workingBytes(rowCount: Int, columnCount: Int) -> Double {
    Double(rowCount) * (40 * Double(rowCount) + 4 * Double(columnCount))
  }

  public init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError) {
    f = arguments.integer("f")
    guard setup.participantCount > f else {
      throw ConfigurationError(
        .infeasible(
          component: Self.manifest.id,
          reason: """
            needs n >= f + 1 = \(f + 1) submissions for f = \(f), got \(setup.participantCount)
            """))
    }
  }

  public mutating func transform(
    _ updates: inout UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) {
    let n = updates.rowCount
    let count = max(n - f, 1)
    let distances = updates.values.distances(pool: round.pool)
    var weights = [Double](repeating: 0, count: n * n)
    var provenance: [Provenance] = []
    for row in 0..<n {
      // The row itself comes first: a distance below its own 0 does not exist.
      let nearest = [row] + distances.nearest(to: row).prefix(count - 1)
      for member in nearest { weights[row * n + member] = 1 / Double(count) }
      provenance.append(Provenance(mixing: nearest.map { updates.provenance[$0] }))
    }
    updates = UpdateMatrix(
      values: updates.values.combinations(weights, count: n, pool: round.pool),
      provenance: provenance, weights: .init(repeating: 1 / Double(n), count: n))
  }
}
