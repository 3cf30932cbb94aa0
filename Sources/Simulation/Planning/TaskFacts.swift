import Datasets
import Training

/// What a plan knows of the task of one combination: its data, model and initial parameters.
struct TaskFacts: Sendable {
  let data: DataResolver.Opened
  let outOfDistribution: DataResolver.Opened?
  let model: any Model
  let initial: InitialParameters?
  let patterns: PatternFiles
  /// The attacker's own examples, where files have them.
  var outside: OutsideExamples?

  var source: any DataSource { data.source }

  func digests(of scenario: Scenario) -> ScenarioDigests {
    ScenarioDigests(
      data: data.digest, outOfDistribution: outOfDistribution?.digest, initial: initial?.digest,
      trigger: scenario.threat.backdoor.map { patterns.digests(of: $0.trigger) } ?? [:],
      outside: outside.map { TrialKey.digest(of: $0.canonicalArrays) })
  }
}
