import Components
import Determinism
import Federation
import Simulation
import Tensors

/// A defense while rounds are played to it.
struct ReplayedDefense {
  private(set) var made: ReplayCandidate.Made
  private let name: String
  private var measures: ReplayMeasures
  private var plain = PlainFigures()
  private var rounds: [ReplayScore.Round] = []
  private var failure: String?

  init(_ name: String, _ made: ReplayCandidate.Made, roundCount: Int, columnCount: Int) {
    self.name = name
    self.made = made
    measures = .ofDefense(
      MeterSetup(
        rounds: roundCount, classCount: 0, parameterCount: columnCount,
        declaredByzantine: made.declaredByzantine,
        followsClients: made.needs.contains(.stableClients)))
  }

  /// Plays a round to it, unless it has failed.
  mutating func play(
    _ rows: ReplayRows, of round: DumpRound, number: Int, in context: RoundContext
  ) {
    guard failure == nil else { return }
    var outcome: DefensePipeline.Outcome?
    if !rows.clients.isEmpty {
      var updates = UpdateMatrix(
        values: rows.updates, provenance: rows.clients.map { Provenance($0) },
        weights: rows.weights)
      let own = context.with(
        rootUpdate: made.needs.contains(.rootData) ? context.rootUpdate : nil)
      do throws(DefenseError) {
        outcome = try made.pipeline.aggregate(&updates, in: own)
      } catch {
        failure = "round \(number): \(error.description)"
        return
      }
    }
    let observation = rows.observation(
      round: number, isInWindow: round.meta.isInWindow && round.hasMask, outcome: outcome,
      pool: context.pool)
    plain.observe(observation)
    let digest = outcome.map { ParametersDigest.hexadecimal(of: $0.update) }
    rounds.append(
      ReplayScore.Round(
        round: number, figures: measures.observe(observation), aggregateSHA256: digest,
        isAsRecorded: round.meta.aggregateSHA256.map { $0 == digest }))
  }

  /// The trace of what was played.
  var trace: TrialTrace { measures.trace(declaresMalicious: made.declaresMalicious) }

  /// What came out; `clean` is the same defense on the honest rows alone.
  func score(hasMask: Bool, clean: ReplayedDefense?) -> ReplayScore {
    let outcomes = ReplayMetrics.ofDefense(trace, clean: clean?.trace)
    let metrics = (hasMask ? outcomes : ReplayMetrics.withoutMask(outcomes))
      .merging(plain.outcomes) { $1 }
    return ReplayScore(
      defense: name, ending: failure.map { .failed($0) } ?? .scored,
      metrics: failure == nil ? metrics : [:], rounds: rounds)
  }
}

extension RoundContext {
  fileprivate func with(rootUpdate: [Float]?) -> RoundContext {
    RoundContext(round: round, global: global, rootUpdate: rootUpdate, seed: seed, pool: pool)
  }
}
