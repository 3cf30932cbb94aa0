public import Components
import Determinism
public import Federation
import Tensors

/// Puts the rows into random buckets of `size` and replaces each bucket by its average.
///
/// The clients are permuted at random, anew in each round, and cut into ceil(n / size) buckets, of
/// which one may be smaller; who shares a bucket does not depend on the order of the rows. An attacker
/// spoils one bucket, so a rule behind it is made for that many rows and the same f, and may be
/// infeasible for them. A bucket stands for its clients in equal parts; its weight is the sum of the
/// weights of its rows, so that the average of equally weighted rows stays what it was. Buckets ascend
/// by their lowest client. A size of 1 changes nothing, one of at least n gives the plain average.
///
/// - Complexity: O(n d), and a second matrix of ceil(n / size) × d values.
/// - Note: Karimireddy, He, Jaggi, ICLR 2022, algorithm 1, by a permutation and with s = 2.
public struct Bucketing: PreAggregator {
  public static let manifest = ComponentManifest(
    id: "bucketing",
    summary: "Replaces the updates by averages of random buckets of them.",
    formula: """
      permute the n rows at random, cut them into ceil(n / size) buckets of size rows, of which one \
      may be smaller, and average each
      """,
    citations: [
      Citation(
        ["Karimireddy", "He", "Jaggi"],
        "Byzantine-robust learning on heterogeneous datasets via bucketing", "ICLR", 2022,
        arXiv: "2006.09365")
    ],
    parameters: [
      ParameterSpec(
        "size", .integer(1...1_000_000), default: .integer(2), help: "rows per bucket")
    ])

  public static let mixesRows = true

  private let size: Int

  public init(_ arguments: Arguments, setup _: DefenseSetup) throws(ConfigurationError) {
    size = arguments.integer("size")
  }

  public func rowCount(from count: Int) -> Int { (count + size - 1) / size }

  public mutating func transform(
    _ updates: inout UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) {
    let n = updates.rowCount
    let lowest = updates.provenance.map { $0.shares.map(\.client.index).min() ?? 0 }
    let ranked = lowest.indices.sorted { (lowest[$0], $0) < (lowest[$1], $1) }
    var random = round.seed.stream()
    let order = random.permutation(n)
    let buckets = stride(from: 0, to: n, by: size)
      .map { order[$0..<min($0 + size, n)].sorted() }
      .sorted { $0[0] < $1[0] }
      .map { $0.map { ranked[$0] } }
    var averages = Matrix<Float>(rowCount: buckets.count, columnCount: updates.columnCount)
    for (place, rows) in buckets.enumerated() {
      averages.setRow(place, toMeanOfRows: rows, of: updates.values, pool: round.pool)
    }
    updates = UpdateMatrix(
      values: averages,
      provenance: buckets.map { Provenance(mixing: $0.map { updates.provenance[$0] }) },
      weights: buckets.map { $0.reduce(0) { $0 + updates.weights[$1] } })
  }
}
