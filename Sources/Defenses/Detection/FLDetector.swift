public import Components
import Determinism
public import Federation
import Kernels
import Statistics
import Tensors

/// The average of the clients whose updates stay predictable; the others are removed for good.
///
/// Until the first decision, which is in round N + 1 counted from 0, it is the plain average. A
/// client without a row in the last round has no distance in this one; its score is the mean of
/// those it has. The reference sets of the gap statistic are drawn from the rule's stream; scores are
/// split exactly. Of equally good splits the one that removes fewer counts; equal scores, and two or
/// fewer, are never split. Whether to split depends on chance where the scores are few or close.
///
/// *Deviations*: predictions start with the first pair, in round 2, instead of after N pairs.
/// The paper trains anew without the removed clients; here training goes on, and the detector starts
/// anew: the round of a decision counts as its first, so the next decision comes N + 1 rounds later.
/// The prediction adds J (w_t − w_{t−1}), J = −η H being the derivative of an update, where the paper
/// has gradients and their Hessian H: the distances are η times the paper's, normalized ones the same.
/// Row weights are ignored. Aggregates are remembered in single precision.
///
/// Suspicion is the score; a client removed earlier has 1, the most that a score can be. On a bare
/// matrix, where there is no model, it stays the plain average.
///
/// - Complexity: O(n d + N² d) per round. Memory between rounds: a copy of the rows (n d floats) and
///   2 N vectors of d doubles.
/// - Note: Zhang, Cao, Jia, Gong, KDD 2022, algorithms 1 to 3.
public struct FLDetector: Aggregator {
  public static let manifest = ComponentManifest(
    id: "fldetector",
    summary: "The average without clients whose updates were badly predicted for some rounds.",
    formula: """
      predict x_i by its last value + J (w_t − w_{t−1}), J by L-BFGS from the last N steps; \
      score(i) = mean over N rounds of ‖predicted − x_i‖ / Σ_j ‖predicted − x_j‖; if the gap \
      statistic finds more than one cluster of scores, 2-means; the cluster of the larger mean is \
      removed from then on; the result is the plain average of the others
      """,
    preconditions: ["the same clients in every round", "one client per row"],
    citations: [
      Citation(
        ["Zhang", "Cao", "Jia", "Gong"],
        "FLDetector: defending federated learning against model poisoning attacks via detecting "
          + "malicious clients", "KDD", 2022, arXiv: "2207.09209"),
      Citation(
        ["Tibshirani", "Walther", "Hastie"],
        "Estimating the number of clusters in a data set via the gap statistic",
        "Journal of the Royal Statistical Society B", 2001),
    ], origin: "Training is not restarted after a removal.",
    parameters: [
      ParameterSpec(
        "window", .integer(1...10_000), default: .integer(10),
        help: "number of rounds that a score averages, and of steps to predict from"),
      ParameterSpec(
        "references", .integer(1...10_000), default: .integer(20),
        help: "reference sets of the gap statistic"),
    ])

  public static let needs: DefenseNeeds = [.stableClients, .fullParticipation]
  public static let traits: DefenseTraits = [.declaresMalicious, .stateful]
  public static let laws: RuleLaws = [
    .translation, .scale, .equalRows, .singleRow, .order, .range,
  ]
  public static let reports = ["clusters", "removed"]

  private let window: Int
  private let referenceCount: Int
  /// 0 on a bare matrix.
  private let parameterCount: Int
  private let clientCount: Int
  private var predictor: UpdatePredictor
  /// The normalized distances of the last rounds, oldest first.
  private var distances: [[ClientID: Double]] = []
  private var removed: Set<ClientID> = []

  /// The rows of the last round, once more while a rehearsal remembers them, and the steps of ten
  /// rounds, the default window.
  public static func workingBytes(rowCount: Int, columnCount: Int) -> Double {
    (8 * Double(rowCount) + 240) * Double(columnCount) + 1000 * Double(rowCount)
  }

  public init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError) {
    window = arguments.integer("window")
    referenceCount = arguments.integer("references")
    parameterCount = setup.layout.count
    clientCount = setup.clientCount
    predictor = UpdatePredictor(window: window)
  }

  public mutating func checkpoint(_ pass: inout CheckpointPass) {
    predictor.checkpoint(&pass)
    pass.requireColumns(predictor.columnCount, of: parameterCount)
    pass.requireClients(predictor.clients, below: clientCount)
    pass.visit(&distances, from: [:]) { $0.visit(&$1, from: 0) { $0.visit(&$1) } }
    pass.require(
      distances.count <= window, "it has distances of \(distances.count) rounds, not \(window)")
    pass.requireClients(distances.flatMap(\.keys), below: clientCount)
    pass.require(
      distances.allSatisfy { $0.values.allSatisfy { (0...1).contains($0) } },
      "it has a normalized distance that is not in 0...1")
    pass.visit(&removed)
    pass.requireClients(removed, below: clientCount)
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    try updates.requireColumns(predictor.columnCount, by: Self.manifest.id)
    let clients = updates.provenance.map(\.shares[0].client)
    let active = clients.indices.filter { !removed.contains(clients[$0]) }
    if let found = predictor.distances(of: active, in: updates, round) {
      note(found, of: active.map { clients[$0] })
    }
    let scores = distances.count < window ? [:] : meanScores(of: active.map { clients[$0] })
    let (clusterCount, flagged) = decide(scores, clients: clients, in: round)
    let kept = active.filter { !flagged.contains(clients[$0]) }
    let update =
      kept.count == clients.count
      ? updates.values.mean(pool: round.pool)
      : kept.isEmpty
        ? Float.zeros(updates.columnCount)
        : updates.values.mean(ofRows: kept, pool: round.pool)
    if !flagged.isEmpty {
      distances = []
      predictor.restart()
    }
    predictor.remember(
      updates, kept: kept, aggregate: update, global: round.global, formsPair: flagged.isEmpty)
    let verdicts = clients.map { client in
      removed.contains(client)
        ? Verdict(.rejected, weight: 0, suspicion: 1)
        : flagged.contains(client)
          ? Verdict(.rejected, weight: 0, suspicion: scores[client])
          : Verdict(.accepted, weight: 1 / Double(kept.count), suspicion: scores[client])
    }
    removed.formUnion(flagged)
    return Aggregation(
      update: update, verdicts: verdicts,
      report: [
        "clusters": .number(Double(clusterCount)), "removed": .number(Double(removed.count)),
      ])
  }

  /// Adds a round of distances, divided by their sum; equal parts where that is 0.
  private mutating func note(_ found: [Double?], of clients: [ClientID]) {
    let known = zip(clients, found).compactMap { client, distance in distance.map { (client, $0) } }
    let total = known.reduce(0) { $0 + $1.1 }
    var parts: [ClientID: Double] = [:]
    for (client, distance) in known {
      parts[client] = total > 0 ? distance / total : 1 / Double(known.count)
    }
    distances.append(parts)
    if distances.count > window { distances.removeFirst() }
  }

  private func meanScores(of clients: [ClientID]) -> [ClientID: Double] {
    var scores: [ClientID: Double] = [:]
    for client in clients { scores[client] = Moments.mean(distances.compactMap { $0[client] }) }
    return scores
  }

  /// Says whether there is more than one cluster of scores, and the clients of the upper one.
  private func decide(
    _ scores: [ClientID: Double], clients: [ClientID], in round: RoundContext
  ) -> (clusterCount: Int, flagged: Set<ClientID>) {
    let judged = clients.filter { scores[$0] != nil }
    let values = judged.compactMap { scores[$0] }
    guard !values.isEmpty else { return (1, []) }
    var random = round.seed.stream()
    // More than one cluster is the same as that one is not enough; how many does not matter.
    let gap = GapStatistic(values, limit: 2, referenceCount: referenceCount, random: &random)
    // Negated, because of equally good splits the one with fewer high values counts here.
    guard gap.clusterCount > 1, let split = TwoMeans(values.map { -$0 }) else { return (1, []) }
    return (2, Set(zip(judged, split.isHigh).filter { !$0.1 }.map(\.0)))
  }
}
