import Datasets
import Determinism
import Federation
import Simulation
import Tensors

@testable import Metrics

extension Backdoor {
  /// A backdoor to tell evaluations apart by.
  static func sample(target: Int = 0, source: Int? = nil) -> Backdoor? {
    Backdoor(trigger: Trigger(positions: [0], values: [1]), target: target, source: source)
  }
}

extension Evaluation {
  /// An evaluation with the given rates over a million examples each, which decimals survive.
  static func rates(
    accuracy: Double, success: Double? = nil, backdoor: Backdoor? = nil, classCount: Int = 2
  ) -> Evaluation {
    let million = 1_000_000
    let right = Int((accuracy * Double(million)).rounded())
    var triggered: [Backdoor: Triggered] = [:]
    if let backdoor, let success {
      let hits = Int((success * Double(million)).rounded())
      triggered[backdoor] = Triggered(
        examples: million, hits: hits, robust: (million - hits) / 2)
    }
    var correct = [Int](repeating: 0, count: classCount)
    var examples = correct
    examples[0] = million
    correct[0] = right
    return Evaluation(examples: examples, correct: correct, triggered: triggered)
  }
}

extension TrialTrace {
  /// A trace with the given curves.
  static func curves(
    accuracy: [Double], success: [Double]? = nil, window: Range<Int>, goal: AttackGoal,
    backdoor: Backdoor? = nil, declaresMalicious: Bool = false
  ) -> TrialTrace {
    let rounds = accuracy.indices.map {
      Round(
        evaluation: .rates(accuracy: accuracy[$0], success: success?[$0], backdoor: backdoor),
        figures: [:], droppedCount: 0)
    }
    return TrialTrace(
      rounds: rounds, window: window, classCount: 2, goal: goal, backdoor: backdoor,
      declaresMalicious: declaresMalicious)
  }
}

extension RoundObservation {
  /// An observation of a window round; clients are numbered by row, dropped ones after them.
  ///
  /// Without `acting` every malicious one acts.
  static func sample(
    rows: [[Float]], malicious: [Bool], acting: [Bool]? = nil, droppedMalicious: Int = 0,
    droppedHonest: Int = 0,
    verdicts: [Verdict]? = nil, aggregate: [Float]? = nil, isInWindow: Bool = true,
    localAccuracy: [Double]? = nil, evaluation: Evaluation = .rates(accuracy: 0.5),
    work: RoundWork = RoundWork()
  ) -> RoundObservation {
    let n = rows.count
    let controlled = (n..<n + droppedMalicious).map { ClientID($0) }
    let others = (n + droppedMalicious..<n + droppedMalicious + droppedHonest).map { ClientID($0) }
    var decided: [ClientID: Verdict] = [:]
    for (row, verdict) in (verdicts ?? []).enumerated() { decided[ClientID(row)] = verdict }
    var seconds = RoundSeconds()
    seconds.total = 2
    seconds.training = 1
    seconds.attack = 0.25
    seconds.defense = 0.5
    return RoundObservation(
      round: 0, isInWindow: isInWindow, updates: Matrix(rows: rows),
      clients: (0..<n).map { ClientID($0) }, isControlled: malicious, isActing: acting,
      dropped: controlled + others, droppedControlled: controlled, verdicts: decided,
      aggregate: aggregate, evaluation: evaluation,
      localAccuracy: localAccuracy, seconds: seconds, work: work)
  }
}

extension Array where Element == [Double] {
  var floats: [[Float]] { map { $0.map { Float($0) } } }
}
