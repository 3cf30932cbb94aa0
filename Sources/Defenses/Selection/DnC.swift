public import Components
import Determinism
public import Federation
import Statistics
import Tensors

/// The average of the rows that stay after the largest projections on their first principal
/// component are dropped, in several random sets of coordinates.
///
/// In each iteration `coordinates` different ones are drawn, all where there are no more of them, and
/// the floor(n − c f) rows of least outlier score stay, ties to the lowest row. A row has to stay in
/// every iteration. *Empty selection*, which the paper leaves open: where no row stays in all, those
/// that stay most often do. With all coordinates every iteration is the same, so one is made.
///
/// Row weights are ignored; f = 0 is the plain average. If fewer rows arrive than announced, at least
/// one stays. Suspicion is the mean score over the iterations. A rejection says that the row lies
/// along the largest spread.
///
/// - Complexity: O(n² b + n³) per iteration of b coordinates, with a matrix of n × b values unless
///   all of them count; with more than 40 rows O(n² b + k n²), k about a hundred.
/// - Note: Shejwalkar, Houmansadr, NDSS 2021, algorithm 2.
public struct DnC: Aggregator {
  public static let manifest = ComponentManifest(
    id: "dnc",
    summary: "The average without the updates that stick out along the first principal component.",
    formula: """
      repeat: draw coordinates; m = their average, v = the first right singular vector of the rows \
      x_i − m; keep the floor(n − c f) rows of least ⟨x_i − m, v⟩²; the result is the average of the \
      rows kept every time, or else of those kept most often
      """,
    preconditions: ["n >= 2f + 1", "n >= c f + 1"],
    citations: [
      Citation(
        ["Shejwalkar", "Houmansadr"],
        "Manipulating the Byzantine: optimizing model poisoning attacks and defenses for "
          + "federated learning", "NDSS", 2021, doi: "10.14722/ndss.2021.24498")
    ],
    parameters: [
      ParameterSpec(
        "f", .integer(0...1_000_000), default: .plan(.declaredByzantine),
        help: "declared number of Byzantine submissions"),
      ProofLimit.parameter,
      ParameterSpec(
        "iterations", .integer(1...10_000), default: .integer(5),
        help: "how often coordinates are drawn"),
      ParameterSpec(
        "coordinates", .integer(1...1_000_000_000, orWords: ["all"]), default: .integer(10_000),
        help: "number of coordinates to draw each time, or all"),
      ParameterSpec(
        "c", .positive(), default: .real(1), help: "c f rows are dropped in each iteration"),
    ])

  // Of up to 10,000 coordinates all count, so nothing is drawn in small cases.
  public static let laws: RuleLaws = [
    .translation, .scale, .equalRows, .singleRow, .order, .range,
  ]

  private let minority: DeclaredMinority
  private let iterationCount: Int
  /// `nil`: all.
  private let coordinateCount: Int?
  /// How many rows are dropped, ceil(c f).
  private let droppedCount: Int

  public var isOutsideProof: Bool { minority.isOutsideProof }

  public init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError) {
    iterationCount = arguments.integer("iterations")
    coordinateCount = arguments.wholeNumber("coordinates")
    let c = arguments.real("c")
    let n = setup.participantCount
    var problems: [ConfigurationError.Problem] = []
    minority = DeclaredMinority(
      arguments, setup: setup, component: Self.manifest.id, problems: &problems)
    let dropped = Self.dropped(c, minority.f)
    if dropped > Double(n - 1) {
      problems.append(
        .infeasible(
          component: Self.manifest.id,
          reason: """
            drops c f = \(ArgumentValue.real(c * Double(minority.f))) submissions for c = \
            \(ArgumentValue.real(c)), f = \(minority.f), and one has to stay, got \(n)
            """))
    }
    guard problems.isEmpty else { throw ConfigurationError(problems) }
    droppedCount = Int(dropped)
  }

  /// ceil(c f) with c as the decimal number that it is written as.
  private static func dropped(_ c: Double, _ f: Int) -> Double {
    guard c < 1_000_000 else { return c * Double(f) }
    let whole = Int(c)
    let rest = DecimalShare(Double("0." + fraction(c)) ?? 0)
    return Double(whole * f + rest.count(of: f, rounded: .up))
  }

  /// The digits of a number behind its decimal point.
  private static func fraction(_ value: Double) -> String {
    let text = value.description
    guard !text.contains("e"), let point = text.firstIndex(of: ".") else { return "0" }
    return String(text[text.index(after: point)...])
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let n = updates.rowCount
    let d = updates.columnCount
    let keptCount = max(n - droppedCount, 1)
    let drawnCount = coordinateCount.flatMap { $0 < d ? $0 : nil }
    let repeats = drawnCount == nil ? 1 : iterationCount
    var random = round.seed.stream()
    var votes = [Int](repeating: 0, count: n)
    var sums = [Double](repeating: 0, count: n)
    for _ in 0..<repeats {
      let scores: [Double]
      if let drawnCount {
        let columns = random.sample(drawnCount, of: d).sorted()
        let part = updates.values.selectingColumns(columns, pool: round.pool)
        scores = Self.outlierScores(part.exactDistances(pool: round.pool))
      } else {
        scores = Self.outlierScores(updates.values.exactDistances(pool: round.pool))
      }
      let order = scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }
      for row in order.prefix(keptCount) { votes[row] += 1 }
      for row in scores.indices { sums[row] += scores[row] }
    }
    let most = votes.reduce(0, max)
    return Aggregation(
      averaging: votes.indices.filter { votes[$0] == most }, of: updates.values,
      scores: sums.map { $0 / Double(repeats) }, pool: round.pool)
  }

  /// The squared projections on the first principal component: λ u_i², with λ, u the largest
  /// eigenpair of the Gram matrix of the centered rows.
  private static func outlierScores(_ distances: DistanceTable) -> [Double] {
    let n = distances.count
    let gram = distances.gram(around: [Double](repeating: 1 / Double(n), count: n))
    let pair = LargestEigenpair(gram, order: n)
    return pair.vector.map { max(0, pair.value) * $0 * $0 }
  }
}
