public import Components
import Determinism
public import Federation
import Kernels
import Tensors

/// The average without the f clients whose models are farthest from a forecast of them.
///
/// The models of the last `window` rounds are a series of matrices, clients × parameters; a matrix
/// autoregressive model fitted to it forecasts those of this round from those of the last. Some random
/// parameters are looked at, the same in all rounds, drawn in the first. Of equally distant rows the
/// lowest stay.
///
/// A forecast needs two rounds before, a step from one to the next: in the first two rounds all rows are
/// averaged and none has a score. What a rejected client sent is replaced, in the series, by the average
/// of the models that stay. A client without a row in a round counts there as having sent the model
/// that the round started from. With f or fewer rows the one of least distance stays. On a bare matrix
/// rows are taken for models. Row weights are ignored.
///
/// *Deviations* from the code of the baseline of Flower: it takes the first round to follow the last one,
/// starts from random coefficients, fits them to shifted values and applies them to others, replaces
/// what rejected clients sent in its warm-up only, fits to all rounds in 100 iterations, and may draw
/// a parameter twice.
///
/// A rejection is one for this round. Suspicion is the Euclidean distance to the forecast.
///
/// - Complexity: O(n d), and per iteration O(n³ + T n² s + s³ + T n s²) for the s parameters looked at
///   in T rounds, less where T n < s. Memory between rounds: T n s doubles.
/// - Note: Gabrielli, Belli, Matrullo, Miori, Tolomei, arXiv 2303.16668.
public struct Flanders: Aggregator {
  public static let manifest = ComponentManifest(
    id: "flanders",
    summary: "The average without the f clients whose models were forecast worst.",
    formula: """
      X_t = the models of the clients in some random parameters; A, B minimize Σ ‖X_t − A X_{t−1} Bᵀ‖² \
      + ridge (‖A‖² + ‖B‖²) over the last rounds, X divided by its largest magnitude, by alternating \
      least squares from B = 1; score(i) = the norm of row i of X_t − A X_{t−1} Bᵀ; the result is \
      the average of the n − f rows of least score
      """,
    preconditions: ["n > f", "the same clients in every round", "one client per row"],
    citations: [
      Citation(
        ["Gabrielli", "Belli", "Matrullo", "Miori", "Tolomei"],
        "Protecting federated learning from extreme model poisoning attacks via multidimensional "
          + "time series anomaly detection", "arXiv", 2023, arXiv: "2303.16668"),
      Citation(
        ["Chen", "Xiao", "Yang"], "Autoregressive models for matrix-valued time series",
        "Journal of Econometrics", 2021, arXiv: "1812.08916"),
    ],
    origin: """
      The window, the number of iterations and the scale of the ridge are ours; the code of the \
      baseline of Flower fits to all rounds in 100 iterations.
      """,
    parameters: [
      ParameterSpec(
        "f", .integer(0...1_000_000), default: .plan(.declaredByzantine),
        help: "declared number of Byzantine submissions: how many rows to leave out"),
      ParameterSpec(
        "window", .integer(2...10_000), default: .integer(5),
        help: "number of past rounds that the forecast is fitted to"),
      ParameterSpec(
        "sample", .integer(1...1_000_000), default: .integer(500),
        help: "number of random parameters that are looked at"),
      ParameterSpec(
        "iterations", .integer(1...10_000), default: .integer(10),
        help: "number of alternating steps of the fit"),
      ParameterSpec(
        "ridge", .real(1e-9...1e9), default: .real(1),
        help: "weight of the squares of the coefficients"),
    ])

  public static let needs: DefenseNeeds = [.stableClients, .fullParticipation]
  public static let traits: DefenseTraits = [.declaresMalicious, .stateful]
  public static let laws: RuleLaws = [
    .translation, .scale, .equalRows, .singleRow, .order, .range,
  ]
  public static let reports = ["kept"]

  /// The series of ten rounds, at the default sample, and what the fit makes of it.
  public static func workingBytes(rowCount: Int, columnCount: Int) -> Double {
    let (n, s) = (Double(rowCount), Double(min(columnCount, 500)))
    return 32 * Double(columnCount) + 8 * (30 * n * s + 3 * n * n + 3 * s * s)
  }

  /// What clients sent in a round, in the parameters that are looked at.
  private struct Past {
    var global: [Double]
    var models: [ClientID: [Double]]

    mutating func checkpoint(_ pass: inout CheckpointPass) {
      pass.visit(&global)
      pass.visit(&models, from: []) { $0.visit(&$1) }
    }

    /// Whether all models have so many values, which are finite.
    func hasModels(of count: Int) -> Bool {
      ([global] + models.values).allSatisfy { $0.count == count && Double.allFinite($0.span) }
    }
  }

  private let f: Int
  private let window: Int
  private let sample: Int
  private let iterations: Int
  private let ridge: Double
  /// 0 on a bare matrix.
  private let parameterCount: Int
  private let clientCount: Int
  /// The number of values of an update; `nil` before the first round.
  private var columnCount: Int?
  /// The parameters that are looked at, ascending; `nil` before the first round.
  private var columns: [Int]?
  /// The last rounds, oldest first.
  private var past: [Past] = []

  public init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError) {
    f = arguments.integer("f")
    window = arguments.integer("window")
    sample = arguments.integer("sample")
    iterations = arguments.integer("iterations")
    ridge = arguments.real("ridge")
    parameterCount = setup.layout.count
    clientCount = setup.clientCount
    guard setup.participantCount > f else {
      throw ConfigurationError(
        .infeasible(
          component: Self.manifest.id,
          reason: "needs more submissions than f = \(f), got \(setup.participantCount)"))
    }
  }

  public mutating func checkpoint(_ pass: inout CheckpointPass) {
    pass.visit(&columnCount, from: 0) { $0.visit(&$1) }
    pass.requireColumns(columnCount, of: parameterCount)
    pass.visit(&columns, from: []) { $0.visit(&$1) }
    pass.require(
      columns.map { isSample($0, of: columnCount ?? 0) } ?? true,
      "the parameters that are looked at are not some of an update")
    pass.visit(&past, from: Past(global: [], models: [:])) { $1.checkpoint(&$0) }
    pass.require(past.count <= window, "it has models of \(past.count) rounds, not \(window)")
    pass.requireClients(past.flatMap(\.models.keys), below: clientCount)
    pass.require(
      past.allSatisfy { $0.hasModels(of: columns?.count ?? 0) },
      "it has a model that is not \(columns?.count ?? 0) finite values")
  }

  /// Whether these can have been drawn from so many parameters.
  private func isSample(_ columns: [Int], of count: Int) -> Bool {
    columns.count == min(sample, count) && columns.allSatisfy { 0 <= $0 && $0 < count }
      && zip(columns, columns.dropFirst()).allSatisfy { $0 < $1 }
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    try updates.requireColumns(columnCount, by: Self.manifest.id)
    columnCount = updates.columnCount
    let n = updates.rowCount
    let columns = columns ?? drawn(from: updates.columnCount, in: round)
    self.columns = columns
    let clients = (0..<n).map { updates.client(ofRow: $0) }
    let global = columns.map { round.global.isEmpty ? 0 : Double(round.global[$0]) }
    let models = (0..<n).map { row in
      updates.values.withRow(row) { row in
        zip(columns, global).map { Double(row[$0]) + $1 }
      }
    }
    let scores = scores(of: models, clients, pool: round.pool)
    let kept = scores.map { scores in
      scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }.prefix(max(1, n - f)).sorted()
    }
    let update =
      kept.map { updates.values.mean(ofRows: $0, pool: round.pool) }
      ?? updates.values.mean(pool: round.pool)
    let passes = Set(kept ?? Array(0..<n))
    let next = columns.indices.map { place in
      (kept ?? []).reduce(0) { $0 + models[$1][place] } / Double(passes.count)
    }
    var sent: [ClientID: [Double]] = [:]
    for row in 0..<n { sent[clients[row]] = passes.contains(row) ? models[row] : next }
    past.append(Past(global: global, models: sent))
    if past.count > window { past.removeFirst() }
    return Aggregation(
      update: update,
      verdicts: (0..<n).map { row in
        let isKept = passes.contains(row)
        return Verdict(
          isKept ? .accepted : .rejected, weight: isKept ? 1 / Double(passes.count) : 0,
          suspicion: scores?[row])
      }, report: ["kept": .number(Double(passes.count))])
  }

  /// Draws the parameters to look at; all of them where there are not more.
  private func drawn(from count: Int, in round: RoundContext) -> [Int] {
    guard sample < count else { return Array(0..<count) }
    var random = round.seed.stream()
    return random.sample(sample, of: count).sorted()
  }

  /// The distances to the forecast; `nil` where there is none yet.
  private func scores(
    of models: [[Double]], _ clients: [ClientID], pool: WorkPool
  ) -> [Double]? {
    guard past.count > 1 else { return nil }
    let known = Set(past.flatMap { $0.models.keys }).union(clients).sorted()
    let series = past.map { round in known.map { round.models[$0] ?? round.global } }
    let forecast = MatrixAutoregression(iterations: iterations, ridge: ridge, pool: pool)
      .forecast(series)
    var places: [ClientID: Int] = [:]
    for (place, client) in known.enumerated() { places[client] = place }
    return zip(clients, models).map { client, model in
      guard let place = places[client] else { preconditionFailure("\(client) is not known") }
      let expected = forecast[place]
      return Double.squaredDistance(model.span, expected.span).squareRoot()
    }
  }
}
