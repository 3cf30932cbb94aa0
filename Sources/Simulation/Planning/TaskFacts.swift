import Datasets
import Federation
import Tensors
import Training

/// What is there of one combination: data, model and initial parameters, or a trainer that has them.
struct TaskFacts: Sendable {
  /// Where models are trained.
  enum Site: Sendable {
    case here(LocalTask)
    case elsewhere(TrainerTask)
  }

  let site: Site
  let patterns: PatternFiles

  init(_ site: Site, patterns: PatternFiles) {
    self.site = site
    self.patterns = patterns
  }

  /// Data and model; `nil` where a trainer has them.
  var local: LocalTask? { if case .here(let task) = site { task } else { nil } }

  /// The trainer; `nil` where models are trained here.
  var trainer: TrainerTask? { if case .elsewhere(let task) = site { task } else { nil } }

  /// Whether each seed draws examples of its own: those of files have a digest.
  var drawsExamples: Bool { local.map { $0.data.digest == nil } ?? false }

  var layout: ParameterLayout {
    switch site {
    case .here(let task): task.model.layout
    case .elsewhere(let task): task.facts.layout
    }
  }

  var classCount: Int {
    switch site {
    case .here(let task): task.source.classCount
    case .elsewhere(let task): task.facts.classCount
    }
  }

  /// How the features of an input are arranged; without any where a trainer does not say it.
  var shape: InputShape {
    switch site {
    case .here(let task): task.source.shape
    case .elsewhere(let task): task.facts.shape ?? .vector(0)
    }
  }

  /// What is done to inputs; a trainer states triggers in the unit of what its model sees.
  var normalization: Normalization? { local?.source.normalization }

  func digests(of scenario: Scenario) -> ScenarioDigests {
    ScenarioDigests(
      data: local?.data.digest, outOfDistribution: local?.outOfDistribution?.digest,
      initial: local?.initial?.digest,
      trigger: scenario.threat.backdoor.map { patterns.digests(of: $0.trigger) } ?? [:],
      outside: local?.outside.map { TrialKey.digest(of: $0.canonicalArrays) },
      trainer: trainer?.facts)
  }
}

/// Data, model and initial parameters that are here.
struct LocalTask: Sendable {
  let data: DataResolver.Opened
  let outOfDistribution: DataResolver.Opened?
  let model: any Model
  let initial: InitialParameters?
  /// The attacker's own examples, where files have them.
  var outside: OutsideExamples?

  var source: any DataSource { data.source }
}

/// A trainer in another process, and what it says of itself.
struct TrainerTask: Sendable {
  let host: any TrainerHost
  let settings: TrainerSettings
  let facts: TrainerFacts
}
