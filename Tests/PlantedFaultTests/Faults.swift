import Components
import Datasets
import Federation
import Foundation
import Metrics
import Simulation
import Suite
import Training

extension Fault {
  /// Every planted fault; those that `GAUNTLET_FAULTS` names, separated by commas, if it is set.
  static let all: [Fault] = {
    let all = rules + attacks + engine + measures
    let names = ProcessInfo.processInfo.environment["GAUNTLET_FAULTS"]?.split(separator: ",")
    return names.map { names in all.filter { names.contains(Substring($0.name)) } } ?? all
  }()

  private static func defense(
    _ id: String, _ name: String, _ summary: String, _ catalog: Catalog
  ) -> Fault {
    Fault(name: name, summary: summary, cells: "defense=\(id)", catalog: catalog)
  }

  // MARK: - Defenses

  private static let rules = [
    defense(
      "trimmed-mean", "trimmed-mean-trims-less", "trimmed mean trims f - 1",
      Catalog.builtIn.changing(defense: "trimmed-mean", "f") { arguments, _ in
        .integer(arguments.integer("f") - 1)
      }),
    defense(
      "median", "median-lower", "the median takes the lower of the two middle values",
      Catalog.builtIn.replacing(defense: "median") {
        (entry, arguments, setup) throws(ConfigurationError) in
        LowerMedian(base: try entry.make(arguments, setup))
      }),
    defense(
      "krum", "krum-neighbors", "Krum uses n - f neighbors",
      Catalog.builtIn.changing(defense: "krum", "neighbours") { _, _ in .text("n-f") }),
    defense(
      "krum", "krum-unsquared", "Krum sums distances, not their squares",
      Catalog.builtIn.changing(defense: "krum", "power") { _, _ in .text("1") }),
    defense(
      "multi-krum", "multi-krum-one-more", "multi-Krum averages n - f + 1 rows",
      Catalog.builtIn.changing(defense: "multi-krum", "m") { arguments, setup in
        .integer(setup.participantCount - arguments.integer("f") + 1)
      }),
    defense(
      "norm-clipping", "clipping-twice", "norm clipping at twice the bound",
      Catalog.builtIn.replacing(defense: "norm-clipping") { (entry, _, setup) in
        ClippingTo(entry: entry, setup: setup) { 2 * $0.middle }
      }),
    defense(
      "norm-clipping", "clipping-mean-norm", "the bound is the mean norm, not the median",
      Catalog.builtIn.replacing(defense: "norm-clipping") { (entry, _, setup) in
        ClippingTo(entry: entry, setup: setup) { $0.reduce(0, +) / Double($0.count) }
      }),
    defense(
      "norm-clipping", "clipping-sum", "clipping is applied to the sum",
      Catalog.builtIn.replacing(defense: "norm-clipping") {
        (entry, arguments, setup) throws(ConfigurationError) in
        let mean = try Catalog.builtIn.aggregator("mean")
        return ClippingOfTheSum(
          base: try entry.make(arguments, setup),
          mean: try mean.make(Arguments([:], for: mean.manifest), setup))
      }),
    defense(
      "centered-clipping", "centered-clipping-steps", "centered clipping takes a second step",
      Catalog.builtIn.changing(defense: "centered-clipping", "steps") { arguments, _ in
        .integer(arguments.integer("steps") + 1)
      }),
    defense(
      "flame", "flame-noise", "FLAME's noise is ten times too large",
      Catalog.builtIn.changing(defense: "flame", "sigma") { arguments, _ in
        .real(10 * arguments.real("sigma"))
      }),
    // Every other rule's cost is counted against the plain mean.
    Fault(
      name: "mean-divisor", summary: "the mean divides by n - 1", touchedCells: "defense=mean",
      touchedMetrics: ["defense.cost"],
      catalog: .builtIn.replacing(defense: "mean") {
        (entry, arguments, setup) throws(ConfigurationError) in
        MeanOfOneFewer(base: try entry.make(arguments, setup))
      }),
  ]

  // MARK: - Attacks

  private static let attacks = [
    Fault(
      name: "trigger-shifted", summary: "the attack's trigger is shifted by one pixel",
      cells: "attack=backdoor,backdoor-scale",
      catalog: .builtIn.replacing(attack: "backdoor") {
        (entry, arguments, setup) throws(ConfigurationError) in
        var attack = FaultyAttack(try entry.make(arguments, setup))
        if case .backdoor(let backdoor) = attack.goal, let trigger = backdoor.trigger {
          attack.poisoned = { $1.shifted(trigger, since: $0) }
        }
        return attack
      }),
    Fault(
      name: "backdoor-target", summary: "triggered examples get the class after the target",
      cells: "attack=backdoor,backdoor-scale",
      catalog: .builtIn.replacing(attack: "backdoor", by: relabeled)),
    Fault(
      name: "backdoor-ratio", summary: "10 % fewer examples get the trigger",
      cells: "attack=backdoor,backdoor-scale",
      catalog: .builtIn.changing(attack: "backdoor", "ratio") { .real(0.9 * $0.real("ratio")) }),
    Fault(
      name: "backdoor-boost", summary: "every boost is 10 % too large",
      cells: "attack=backdoor,backdoor-scale",
      catalog: .builtIn.changing(attack: "backdoor", "boost") { .real(1.1 * $0.real("boost")) }),
    Fault(
      name: "gamma", summary: "the gamma of model replacement is 10 % too large",
      cells: "attack=model-replacement,constrain-and-scale",
      catalog: .builtIn.replacing(attack: "model-replacement") {
        (entry, arguments, setup) throws(ConfigurationError) in
        var attack = FaultyAttack(try entry.make(arguments, setup))
        attack.scale = 1.1
        return attack
      }),
    Fault(
      name: "label-flip", summary: "labels flip to the class after the right one",
      cells: "attack=label-flip",
      catalog: .builtIn.replacing(attack: "label-flip", by: relabeled)),
    Fault(
      name: "sign-flip-scale", summary: "the scale of sign flipping is 10 % too large",
      cells: "attack=sign-flip",
      catalog: .builtIn.changing(attack: "sign-flip", "scale") { .real(1.1 * $0.real("scale")) }),
    Fault(
      name: "ipm-epsilon", summary: "the epsilon of inner product manipulation is 10 % too large",
      cells: "attack=ipm",
      catalog: .builtIn.changing(attack: "ipm", "epsilon") { .real(1.1 * $0.real("epsilon")) }),
    Fault(
      name: "alie-sign", summary: "ALIE moves the mean the other way",
      cells: "attack=alie",
      catalog: .builtIn.changing(attack: "alie", "sign") { _ in .text("plus") }),
    Fault(
      name: "min-max-direction", summary: "Min-Max goes along the mean, not the deviations",
      cells: "attack=min-max",
      catalog: .builtIn.changing(attack: "min-max", "perturbation") { _ in .text("unit") }),
    Fault(
      name: "neurotoxin-keep", summary: "Neurotoxin trains 5 % fewer coordinates",
      cells: "attack=neurotoxin",
      catalog: .builtIn.changing(attack: "neurotoxin", "keep") { .real($0.real("keep") - 0.05) }),
    Fault(
      name: "dba-parts", summary: "DBA cuts the trigger in two, not four",
      cells: "attack=dba",
      catalog: .builtIn.changing(attack: "dba", "parts") { .integer($0.integer("parts") / 2) }),
    Fault(
      name: "noise-variance", summary: "Gaussian noise takes the variance for the deviation",
      cells: "attack=gaussian-noise",
      catalog: .builtIn.changing(attack: "gaussian-noise", "sd") {
        .real($0.real("sd") * $0.real("sd"))
      }),
  ]

  @Sendable private static func relabeled(
    _ entry: AttackEntry, _ arguments: Arguments, _ setup: AttackSetup
  ) throws(ConfigurationError) -> any Attack {
    var attack = FaultyAttack(try entry.make(arguments, setup))
    attack.poisoned = { $1.relabeled(since: $0) }
    return attack
  }

  // MARK: - Engine

  private static func engine(
    _ name: String, _ summary: String, cells: String? = nil,
    _ change: (inout Substitutions) -> Void
  ) -> Fault {
    var fault = Fault(name: name, summary: summary, cells: cells)
    change(&fault.substitutions)
    return fault
  }

  private static let engine = [
    engine("attack-late", "the attack starts one round late", cells: "attack!=none") {
      $0.window = { $0.lowerBound + 1..<$0.upperBound }
    },
    engine("attack-outlasts", "the attack stops one round late", cells: "attack!=none") {
      $0.window = { $0.lowerBound..<$0.upperBound + 1 }
    },
    engine("partition-iid", "the partition ignores alpha") {
      $0.partition = { _ in IIDPartition() }
    },
    engine("learning-rate", "the local learning rate is 10 % too large") {
      $0.schedule = { schedule in
        var schedule = schedule
        schedule.learningRate *= 1.1
        return schedule
      }
    },
    engine("one-epoch-less", "clients train one epoch less") {
      $0.schedule = { schedule in
        var schedule = schedule
        if case .epochs(let count) = schedule.length { schedule.length = .epochs(count - 1) }
        return schedule
      }
    },
    engine("test-data", "a tenth of the test examples are training examples") {
      $0.data = { ContaminatedSource(base: $0, count: 36) }
    },
  ]

  // MARK: - Metrics

  private static func measure<Wrong: FaultyMetric>(_: Wrong.Type, _ summary: String) -> Fault {
    Fault(
      name: Wrong.name, summary: summary, touchedMetrics: Set(Wrong.manifests.map(\.id)),
      metrics: Wrong.planted, isMisreading: true)
  }

  private static let measures = [
    measure(SuccessWithTargetClass.self, "ASR counts the target class"),
    measure(EarlyPersistence.self, "persistence starts one round early"),
    measure(EarlyAccuracy.self, "accuracy is read one round before the end of the window"),
    measure(EarlyCost.self, "the defense's cost leaves out the last round"),
    measure(WeightShareOfAll.self, "the weight share is not divided by the share of clients"),
  ]

  /// A fault that no cell of core can show: none of its rules gives an honest and a malicious
  /// client the same suspicion.
  static let unseen = measure(AreaWithoutTies.self, "AUROC gives ties nothing instead of half")
}
