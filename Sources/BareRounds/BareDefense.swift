public import Components
import Determinism
public import Federation
import Kernels
import Tensors

/// Stages and a rule at work on matrices alone, round after round.
///
/// A rule that remembers rounds does so here as in a run; a copy is a snapshot.
public struct BareDefense: Sendable {
  private var stages: [any PreAggregator]
  private var pipeline: DefensePipeline?
  private let rootReader: ComponentID?
  private let spreadsNonFinite: Bool
  private let participantCount: Int
  private let clientCount: Int

  /// Builds the components.
  ///
  /// - Throws: `ConfigurationError` with the reasons of all that cannot work with so few rows.
  public init(_ expression: DefenseExpression, setup: DefenseSetup) throws(ConfigurationError) {
    let made = try expression.make(setup)
    stages = made.stages
    pipeline = made.rule.map { DefensePipeline(stages: made.stages, rule: $0) }
    rootReader = expression.rootReader
    spreadsNonFinite = expression.spreadsNonFinite
    participantCount = setup.participantCount
    clientCount = setup.clientCount
  }

  /// Whether there is a rule; stages alone change rows.
  public var hasRule: Bool { pipeline != nil }

  /// Whether a component runs although a precondition that its proof needs does not hold.
  public var isOutsideProof: Bool { pipeline?.isOutsideProof ?? false }

  /// The component that needs what the server's own data gives, where a round lacks it.
  public func missesRoot(_ round: borrowing BareRound) -> ComponentID? {
    round.rootUpdate == nil ? rootReader : nil
  }

  /// Applies stages and rule to a round.
  ///
  /// The matrix is changed in place where stages do that; borrowed values are copied first.
  ///
  /// - Throws: `BareRoundError` where the round does not fit, `DefenseError` where no row is finite
  ///   or a component cannot answer.
  public mutating func apply(to round: consuming BareRound) throws -> BareOutcome {
    try round.check()
    try checkFit(round)
    guard spreadsNonFinite, round.weights?.allSatisfy({ $0 > 0 }) ?? true else {
      let bad = NonFiniteRows.removed(from: &round.updates, pool: round.pool)
      return try apply(to: round, without: bad)
    }
    // One pass over the rows less, where all is well.
    let before = self
    let outcome = try apply(to: copy round, without: [])
    guard !Float.allFinite(outcome.values.span) else { return outcome }
    self = before
    let bad = NonFiniteRows.removed(from: &round.updates, pool: round.pool)
    return try apply(to: round, without: bad)
  }

  /// Applies stages and rule to a round from whose matrix some rows were removed.
  private mutating func apply(
    to round: consuming BareRound, without bad: [Int]
  ) throws -> BareOutcome {
    let n = round.clients.count
    let leftOut = Set(bad)
    let kept = (0..<n).filter { !leftOut.contains($0) }
    guard !kept.isEmpty else { throw DefenseError.noRows }
    let clients = round.clients
    let weights = try Self.shares(round.weights, of: kept)
    let context = RoundContext(
      round: round.number, global: round.global, rootUpdate: round.rootUpdate, seed: round.path,
      pool: round.pool)
    var updates = UpdateMatrix(
      values: round.updates, provenance: kept.map { Provenance(clients[$0]) }, weights: weights)
    // One owner, so that stages change the rows where they are.
    round.updates = Matrix(rowCount: 0, columnCount: 0)
    guard pipeline != nil else {
      for index in stages.indices {
        try stages[index].transform(&updates, in: context.with(seed: context.seed.child(index)))
      }
      return BareOutcome(values: updates.values, verdicts: [], report: [:], leftOut: bad)
    }
    guard let outcome = try pipeline?.aggregate(&updates, in: context) else {
      throw DefenseError.noRows
    }
    let rows = Dictionary(uniqueKeysWithValues: zip(clients, 0...))
    return BareOutcome(
      values: Matrix(rowCount: 1, columnCount: outcome.update.count, values: outcome.update),
      verdicts: outcome.verdicts.compactMap { client, verdict in
        rows[client].map { BareOutcome.ClientVerdict(row: $0, verdict: verdict) }
      }.sorted { $0.row < $1.row },
      // Without stages the rule's rows are those that were kept.
      report: stages.isEmpty ? outcome.report.mapValues { $0.named(by: kept) } : outcome.report,
      leftOut: bad)
  }

  /// What a defense made for so many rows and clients can be given.
  private func checkFit(_ round: borrowing BareRound) throws(BareRoundError) {
    let n = round.updates.rowCount
    guard n <= participantCount else {
      throw BareRoundError("\(n) rows, and the defense was made for \(participantCount)")
    }
    if let last = round.clients.last, last.index >= clientCount {
      throw BareRoundError(
        "client \(last.index), and the defense was made for \(clientCount), from 0 on")
    }
    if let reader = missesRoot(round) {
      throw BareRoundError("\(reader): needs what the server's own data gives")
    }
  }

  /// The shares of the rows that are left.
  private static func shares(_ weights: [Double]?, of kept: [Int]) throws(BareRoundError)
    -> [Double]
  {
    guard let weights else { return .init(repeating: 1 / Double(kept.count), count: kept.count) }
    let left = kept.map { weights[$0] }
    // Scaled first: the sum of large weights may be infinite.
    guard let largest = left.max(), largest > 0 else {
      throw BareRoundError("the weights of the finite rows are all 0")
    }
    let scaled = left.map { $0 / largest }
    let sum = scaled.reduce(0, +)
    return scaled.map { $0 / sum }
  }
}

extension ReportValue {
  fileprivate func named(by names: [Int]) -> ReportValue {
    if case .rows(let rows) = self { .rows(rows.map { names[$0] }) } else { self }
  }
}
