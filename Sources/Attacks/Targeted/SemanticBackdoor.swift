public import Components
public import Datasets
public import Determinism
public import Federation
import Kernels
import Tensors
public import Training

/// Teaches a wrong class for examples with a feature that they have by themselves.
///
/// No input is changed. Of a set's examples of the class `source` (without one: of all classes but the
/// target) the share `quantile` that is brightest, or darkest, in a region has the feature; a set is
/// the data of one client or the test set, so that limits follow each set. Every controlled client
/// relabels its own ones, and copies of them take the place of other examples up to floor(ratio · m)
/// of its m. A client without examples of the class trains honestly. Success is measured on the test
/// examples with the feature, which nobody trains on.
///
/// - Complexity: O(examples · features) once per client and run.
/// - Note: Bagdasaryan, Veit, Hua, Estrin, Shmatikov, AISTATS 2020, section 4.1. Deviations: the feature
///   is the mean of pixels, not one that people named; honest clients keep theirs with the right
///   label, as in Sun et al. 2019; nothing is boosted without the modifier `boost`.
public struct SemanticBackdoor: Attack {
  public static let manifest = ComponentManifest(
    id: "semantic-backdoor",
    summary: "Teaches a wrong class for examples with a feature of their own; no input is changed.",
    formula: """
      of a set's examples of class `source` those with a mean over `region` in the extreme `quantile` \
      have the feature; they get the label `target`, and copies of them replace others until they \
      are floor(ratio · m) of the client's m examples
      """,
    preconditions: ["target and source are different classes of the task"],
    citations: [Citation.modelReplacement],
    parameters: ExampleFeature.parameters + [
      ParameterSpec(
        "target", .integer(0...1_000_000), default: .plan(.backdoor("target")),
        help: "class that examples with the feature should be taken for"),
      ParameterSpec(
        "source", .integer(0...1_000_000, orWords: ["none"]), default: .plan(.backdoor("source")),
        help: "class that they are of; none: all but the target"),
      ParameterSpec(
        "ratio", .real(0...1), default: .real(0.3),
        help: "share of the client's examples that have the feature in the end, by copies"),
    ] + OwnSchedule.parameters)
  public static let tier = ThreatTier.dataOnly

  private let feature: ExampleFeature
  private let target: Int
  private let source: Int?
  private let ratio: Double
  private let schedule: OwnSchedule
  private let backdoor: Backdoor

  public init(_ arguments: Arguments, setup: AttackSetup) throws(ConfigurationError) {
    var problems: [ConfigurationError.Problem] = []
    let id = Self.manifest.id
    func refuse(_ reason: String) { problems.append(.invalid(component: id, reason: reason)) }
    let feature = ExampleFeature(arguments)
    let target = arguments.integer("target")
    let source = arguments.wholeNumber("source")
    ratio = arguments.real("ratio")
    for (name, label) in [("target", target), ("source", source ?? 0)]
    where label >= setup.classCount {
      refuse("\(name) \(label) is not one of the \(setup.classCount) classes (counted from 0)")
    }
    if source == target { refuse("source and target are the same class, \(target)") }
    let known = setup.test.map { feature.rows(of: $0, source: source, target: target) } ?? []
    if setup.test != nil && known.isEmpty {
      refuse("no test example is \(source.map { "of class \($0)" } ?? "of another class")")
    }
    let ownSchedule = OwnSchedule(arguments, setup: setup, component: id, problems: &problems)
    guard problems.isEmpty else { throw ConfigurationError(problems) }
    (self.feature, self.target, self.source) = (feature, target, source)
    schedule = ownSchedule
    let examples =
      setup.test?.selecting(known)
      ?? Shard(
        inputs: Matrix(rowCount: 0, columnCount: setup.shape.count), labels: [],
        classCount: setup.classCount, shape: setup.shape)
    let name = "semantic \(feature.side) \(feature.region) \(feature.quantile) \(source ?? -1)"
    backdoor = Backdoor(examples: NamedExamples(name: name, shard: examples), target: target)
  }

  public var threatModel: ThreatModel {
    ThreatModel(surface: schedule.isOwn ? [.data, .training] : .data)
  }

  public var goal: AttackGoal { .backdoor(backdoor) }

  /// Relabels the examples with the feature; which others copies replace is drawn.
  public func poison(_ shard: inout Shard, of _: ClientID, random: inout RandomStream) {
    let marked = feature.rows(of: shard, source: source, target: target)
    guard !marked.isEmpty else { return }
    for row in marked { shard.labels[row] = target }
    var isMarked = [Bool](repeating: false, count: shard.count)
    for row in marked { isMarked[row] = true }
    let others = shard.labels.indices.filter { !isMarked[$0] }
    let missing = max(0, DecimalShare(ratio).count(of: shard.count) - marked.count)
    for (turn, place) in random.sample(missing, of: others.count).enumerated() {
      let row = others[place]
      shard.inputs.setRow(row, to: shard.inputs.row(marked[turn % marked.count]).span)
      shard.labels[row] = target
    }
  }

  public func train(_ job: LocalJob, with trainer: inout LocalTrainer, random: inout RandomStream) {
    job.train(with: &trainer, schedule: schedule.applied(to: job.schedule), random: &random)
  }
}

extension ExampleFeature {
  /// The examples of a class, or of all but the target, that have the feature.
  fileprivate func rows(of shard: Shard, source: Int?, target: Int) -> [Int] {
    let candidates = shard.labels.indices.filter {
      shard.labels[$0] != target && (source == nil || shard.labels[$0] == source)
    }
    return chosen(from: candidates, of: shard)
  }
}
