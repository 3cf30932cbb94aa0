import Federation
import Foundation
import Simulation
import Testing

@testable import Metrics

/// The known answers of `Tests/Reference/metrics_certificate.py`.
private struct CertificateFile: Decodable {
  struct Case: Decodable {
    struct Facts: Decodable {
      struct Attacker: Decodable {
        let weight, scale, poisonedSteps: Double
        let steps: Int
      }
      let attackers: [Attacker]
      let learningRate, weightDecay, parameterNorm, inputNorm, magnitude: Double
      let laterRounds: Int
    }
    let name: String
    let facts: Facts
    let bound, sigma: Double
    let copies: Int
    let votes: [Int]
    let right: [Bool]
    let sensitivity: Double
    let radii: [Double]
    let median, accuracy: Double

    var round: PoisonedRound { round(learningRate: facts.learningRate) }

    func round(learningRate: Double) -> PoisonedRound {
      PoisonedRound(
        attackers: facts.attackers.map {
          PoisonedRound.Attacker(
            weight: $0.weight, scale: $0.scale, steps: $0.steps, poisonedSteps: $0.poisonedSteps)
        },
        learningRate: learningRate, weightDecay: facts.weightDecay,
        parameterNorm: facts.parameterNorm, inputNorm: facts.inputNorm,
        magnitude: facts.magnitude, laterRounds: facts.laterRounds)
    }

    func outcome(
      _ exposure: SmoothedOutcome.Exposure? = nil, bound: Double?, sigma: Double
    ) -> SmoothedOutcome {
      SmoothedOutcome(
        smoothing: ParameterSmoothing(votes: copies, deviation: sigma, modelBound: bound),
        winnerVotes: votes, isRight: right, exposure: exposure ?? .poisoned(round))
    }
  }

  let cases: [Case]

  static func load() throws -> CertificateFile {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/certificate.json")
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: url))
  }
}

@Suite struct CertifiedMetricsTests {
  private let cases: [CertificateFile.Case]

  init() throws { cases = try CertificateFile.load().cases }

  private func evaluate(_ outcome: SmoothedOutcome?) -> [String: MetricOutcome] {
    var trial = TrialTrace(
      rounds: [], window: 0..<1, classCount: 2, goal: .degrade, backdoor: nil,
      declaresMalicious: false)
    trial.smoothed = outcome
    return CertifiedMetrics.evaluate(
      TrialEvidence(trial: trial, twin: nil, undefendedTwin: nil, undefended: nil))
  }

  @Test func agreesWithReference() throws {
    #expect(!cases.isEmpty)
    for known in cases {
      let outcome = known.outcome(bound: known.bound, sigma: known.sigma)
      #expect(
        abs(known.round.sensitivity - known.sensitivity) <= 1e-12 * known.sensitivity,
        "\(known.name)")
      let certificate = try TriggerCertificate(outcome)
      for (row, expected) in known.radii.enumerated() {
        let radius = known.right[row] ? certificate.radius(votes: known.votes[row]) : 0
        #expect(abs(radius - expected) <= 1e-9 * expected, "\(known.name), example \(row)")
      }
      let metrics = evaluate(outcome)
      #expect(metrics[CertifiedMetrics.magnitude] == .value(known.facts.magnitude))
      #expect(metrics[CertifiedMetrics.accuracy] == .value(known.accuracy), "\(known.name)")
      let median = try #require(metrics[CertifiedMetrics.median]?.number)
      #expect(abs(median - known.median) <= 1e-9 * known.median, "\(known.name)")
    }
  }

  /// More votes certify more; a stronger attack, or one with less noise after it, leaves less.
  @Test func radiusFollowsWhatItRestsOn() throws {
    let known = cases[0]
    let certificate = try TriggerCertificate(known.outcome(bound: known.bound, sigma: known.sigma))
    let radii = (0...known.copies).map { certificate.radius(votes: $0) }
    #expect(zip(radii, radii.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(radii[known.copies] > 0 && radii[known.copies / 2] == 0)
    let noisier = try TriggerCertificate(known.outcome(bound: known.bound, sigma: 10))
    #expect(noisier.radius(votes: known.copies) > 100 * radii[known.copies])
  }

  @Test func saysWhyThereIsNone() {
    let known = cases[0]
    let reasons = [
      evaluate(nil), evaluate(known.outcome(bound: nil, sigma: 1)),
      evaluate(known.outcome(bound: 1, sigma: 0)),
      evaluate(known.outcome(.uncovered("because"), bound: 1, sigma: 1)),
      evaluate(known.outcome(.poisoned(known.round(learningRate: 1)), bound: 1, sigma: 1)),
      // Noise of later rounds that leaves nothing.
      evaluate(known.outcome(bound: 1e-300, sigma: 1)),
    ]
    var texts: Set<String> = []
    for outcomes in reasons {
      #expect(outcomes.count == 3)
      let all = Set(
        outcomes.values.map { outcome in
          if case .absent(let reason) = outcome { reason } else { "a value" }
        })
      #expect(all.count == 1 && !all.contains("a value"))
      texts.formUnion(all)
    }
    #expect(texts.count == 5 && texts.contains("because"))
  }

  @Test func noExamplesHaveNoMedian() {
    let known = cases[0]
    let outcome = SmoothedOutcome(
      smoothing: ParameterSmoothing(votes: 9, deviation: 1, modelBound: 1), winnerVotes: [],
      isRight: [], exposure: .poisoned(known.round))
    let metrics = evaluate(outcome)
    #expect(metrics[CertifiedMetrics.median]?.number == nil)
    #expect(metrics[CertifiedMetrics.accuracy]?.number == nil)
  }
}
