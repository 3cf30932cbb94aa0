public import Components
import Determinism
public import Federation
import Statistics
import Tensors

/// The average of the larger of two clusters, by the coordinates in which clients fall apart.
///
/// In the first `rounds` rounds it is the plain average, and looks for indicative coordinates among
/// those of the output layer, or all where the model tells none apart: the values of each are split
/// in two exactly, and the distance of the two centers, averaged over these rounds, has to reach
/// `threshold`. From then on the rows are clustered in two by k-means in the indicative coordinates
/// alone, and the larger cluster is averaged; of two equally large ones that of the lowest row.
///
/// Without any indicative coordinate all rows are kept. With one, somebody is left out wherever two
/// rows differ there. The threshold is in the unit of an update. That distances are averaged is our
/// reading; the paper does not say how several rounds combine. Row weights are ignored.
///
/// Suspicion is the distance from the center of the larger cluster in the indicative coordinates;
/// there is none in the first rounds.
///
/// - Complexity: O(h n log n) in the first rounds, h coordinates of the output layer; then O(n d) and
///   k-means of n points. Memory between rounds: h doubles.
/// - Note: Shen, Tople, Saxena, ACSAC 2016.
public struct Auror: Aggregator {
  public static let manifest = ComponentManifest(
    id: "auror",
    summary: "The average of the larger of two clusters in coordinates that tell clients apart.",
    formula: """
      rounds 1 to `rounds`: the plain average; a coordinate is indicative if the centers of its \
      values, split in two, are `threshold` apart on average; later: 2-means in the indicative \
      coordinates; the result is the average of the larger cluster, of all rows if none is indicative
      """,
    citations: [
      Citation(
        ["Shen", "Tople", "Saxena"],
        "Auror: defending against poisoning attacks in collaborative deep learning systems",
        "ACSAC", 2016, doi: "10.1145/2991079.2991125")
    ], origin: "How the first rounds combine is our reading.",
    parameters: [
      ParameterSpec(
        "threshold", .positive(), default: .real(0.002),
        help: "least distance of the two centers of an indicative coordinate"),
      ParameterSpec(
        "rounds", .integer(1...1_000_000), default: .integer(10),
        help: "rounds in which indicative coordinates are looked for"),
    ])

  public static let traits: DefenseTraits = [.declaresMalicious, .stateful]
  public static let laws: RuleLaws = [
    .translation, .scale, .equalRows, .singleRow, .order, .range,
  ]
  public static let reports = ["accepted", "indicative"]

  private let threshold: Double
  private let learningCount: Int
  /// The columns of the output layer; `nil`: all.
  private let columns: [Int]?
  /// 0 on a bare matrix.
  private let parameterCount: Int
  /// The number of values of an update; `nil` before the first round.
  private var columnCount: Int?
  private var roundCount = 0
  /// The sum over rounds of the distance of the two centers, per column.
  private var gaps: [Double] = []
  private var indicative: [Int] = []

  public init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError) {
    threshold = arguments.real("threshold")
    learningCount = arguments.integer("rounds")
    columns = setup.layout.outputColumns
    parameterCount = setup.layout.count
  }

  public mutating func checkpoint(_ pass: inout CheckpointPass) {
    pass.visit(&columnCount, from: 0) { $0.visit(&$1) }
    pass.requireColumns(columnCount, of: parameterCount)
    pass.visit(&roundCount)
    pass.require(
      (0...learningCount).contains(roundCount), "it has \(roundCount) rounds of \(learningCount)")
    pass.visit(&gaps)
    let isLearning = 0 < roundCount && roundCount < learningCount
    pass.require(
      gaps.count == (isLearning ? columns?.count ?? columnCount ?? 0 : 0)
        && gaps.allSatisfy(\.isFinite),
      "it has \(gaps.count) distances of centers, or some that are not finite")
    pass.visit(&indicative)
    pass.require(
      indicative.allSatisfy { 0 <= $0 && $0 < columnCount ?? 0 },
      "it has an indicative coordinate that an update does not have")
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    try updates.requireColumns(columnCount, by: Self.manifest.id)
    columnCount = updates.columnCount
    let rows = 0..<updates.rowCount
    var members = Array(rows)
    var suspicions = [Double?](repeating: nil, count: rows.count)
    if roundCount < learningCount {
      learn(updates.values, pool: round.pool)
    } else {
      let points = updates.values.selectingColumns(indicative, pool: round.pool)
      var random = round.seed.stream()
      (members, suspicions) = Self.judge(points, random: &random)
    }
    let weights = updates.values.shares(ofRows: members)
    return Aggregation(
      update: updates.values.mean(weights: weights, pool: round.pool),
      verdicts: zip(weights, suspicions).map { weight, suspicion in
        Verdict(weight > 0 ? .accepted : .rejected, weight: weight, suspicion: suspicion)
      },
      report: [
        "accepted": .number(Double(members.count)),
        "indicative": .number(Double(indicative.count)),
      ])
  }

  /// Adds the distances of a round, and decides after the last one.
  private mutating func learn(_ values: borrowing Matrix<Float>, pool: WorkPool) {
    let found = Self.centerDistances(values, columns, pool: pool)
    gaps = gaps.isEmpty ? found : zip(gaps, found).map { $0 + $1 }
    roundCount += 1
    guard roundCount == learningCount else { return }
    let limit = threshold * Double(learningCount)
    indicative = gaps.indices.filter { gaps[$0] >= limit }.map { columns?[$0] ?? $0 }
    gaps = []
  }

  /// The distance between the centers of each column's values, split in two.
  private static func centerDistances(
    _ values: borrowing Matrix<Float>, _ columns: [Int]?, pool: WorkPool
  ) -> [Double] {
    let values = copy values
    let count = columns?.count ?? values.columnCount
    let blockSize = 1024
    return pool.map((count + blockSize - 1) / blockSize) { block in
      var found: [Double] = []
      let all = values.span
      var sample = [Double](repeating: 0, count: values.rowCount)
      for place in block * blockSize..<min((block + 1) * blockSize, count) {
        let column = columns?[place] ?? place
        for row in sample.indices { sample[row] = Double(all[row * values.columnCount + column]) }
        sample.sort()
        found.append(TwoMeans.gap(ofAscending: sample))
      }
      return found
    }.flatMap(\.self)
  }

  /// The rows of the larger cluster, and the distance of each row from their center.
  private static func judge(
    _ rows: Matrix<Float>, random: inout RandomStream
  ) -> (members: [Int], suspicions: [Double?]) {
    guard rows.columnCount > 0 else {
      return (Array(0..<rows.rowCount), .init(repeating: 0, count: rows.rowCount))
    }
    let points = (0..<rows.rowCount).map { rows.row($0).map { Double($0) } }
    let clusters = KMeans(points, count: 2, random: &random)
    let members = LargestCluster(clusters.labels).members
    let center = clusters.centers[clusters.labels[members[0]]]
    let suspicions = points.map { point in
      zip(point, center).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }
    return (members, suspicions)
  }
}
