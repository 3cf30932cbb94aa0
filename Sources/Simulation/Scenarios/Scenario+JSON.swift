import Components
import Datasets
import Federation
import Results
import Training

/// What identifies the files that a scenario reads: digests of what lies there, not paths.
struct ScenarioDigests: Sendable {
  /// SHA-256 of the decoded arrays; `nil` for data that are drawn.
  var data: String?
  var outOfDistribution: String?
  /// SHA-256 of the initial parameters, where a file has them.
  var initial: String?
  /// Those of the files of the scenario's trigger, by parameter.
  var trigger: [String: String] = [:]
  /// SHA-256 of the attacker's own examples, where files have them.
  var outside: String?
  /// What a trainer says of itself, where one has data and model.
  var trainer: TrainerFacts?
}

extension Scenario {
  /// Everything but name, seeds, attacks and defenses, with every default filled in.
  func resolved(_ digests: ScenarioDigests) -> JSONValue {
    .object([
      "rounds": .integer(rounds), "evaluation": ["every": .integer(evaluation.every)],
      "fixed-seeds": [
        // As text: JSON numbers lose digits above 2^53.
        "data": JSONValue(fixedSeeds.data.map { String($0) }),
        "init": JSONValue(fixedSeeds.initialization.map { String($0) }),
      ],
      "task": task.json(digests, server.algorithm),
      "clients": clients.json(deals: task.trainer == nil),
      "server": server.json,
      "threat": threat.json(digests),
      "defense-knows": .object([
        "malicious": declared.json,
        "root-samples": serverData.rootSamples.map { .integer($0) } ?? .null,
        "out-of-distribution": serverData.outOfDistribution?.json(digests.outOfDistribution)
          ?? .null,
      ]),
    ])
  }
}

extension TaskSettings {
  fileprivate func json(
    _ digests: ScenarioDigests, _ algorithm: ServerSettings.Algorithm
  ) -> JSONValue {
    let local = localJSON(of: algorithm)
    if let trainer, let facts = digests.trainer {
      return ["trainer": trainer.json(facts), "local": local]
    }
    var object: [String: JSONValue] = [
      "dataset": datasetJSON(digest: digests.data), "model": model.json,
      "init": JSONValue(digests.initial), "local": local,
    ]
    // Left out where there is none, as before there could be.
    if let augmentation {
      object["augmentation"] = [
        "crop": .integer(augmentation.crop),
        "flip": .string(augmentation.flips ? "horizontal" : "none"),
      ]
    }
    return .object(object)
  }

  fileprivate func datasetJSON(digest: String?) -> JSONValue {
    var object: [String: JSONValue] = ["sha256": JSONValue(digest), "normalize": .null]
    if case .object(let own) = dataset.json { object.merge(own) { _, new in new } }
    if let normalization {
      object["normalize"] = [
        "mean": .array(normalization.mean.map { .number($0.shortest) }),
        "std": .array(normalization.deviation.map { .number($0.shortest) }),
      ]
    }
    return .object(object)
  }

  /// What clients do, without the keys that the algorithm does not use.
  fileprivate func localJSON(of algorithm: ServerSettings.Algorithm) -> JSONValue {
    var object: [String: JSONValue] = [
      "batch": .integer(local.batchSize), "lr": .number(local.learningRate.shortest),
      "weight-decay": .number(local.weightDecay.shortest), "schedule": learningRate.json,
    ]
    if case .fedSGD = algorithm { return .object(object) }
    object["momentum"] = .number(local.momentum.shortest)
    // Left out where it changes nothing, as before there was one.
    if local.proximal != 0 { object["proximal"] = .number(local.proximal.shortest) }
    switch local.length {
    case .epochs(let count): object["epochs"] = .integer(count)
    case .steps(let count): object["steps"] = .integer(count)
    }
    return .object(object)
  }
}

extension TrainerSettings {
  /// What decides its numbers: its files, and what it is told.
  fileprivate func json(_ facts: TrainerFacts) -> JSONValue {
    [
      "name": .string(facts.name), "version": .string(facts.version),
      "sha256": .string(facts.identity), "params": parameters,
      // Sums of numeric libraries may depend on it.
      "threads": .integer(command.threadCount),
    ]
  }
}

extension ClientSettings {
  /// A trainer deals its data itself.
  fileprivate func json(deals: Bool) -> JSONValue {
    var object: [String: JSONValue] = [
      "count": .integer(count), "participation": .number(participation),
    ]
    if deals { object["partition"] = partition.json }
    // Left out where they change nothing, as before there were any.
    if dropout != 0 { object["dropout"] = .number(dropout) }
    if let deadline { object["deadline"] = .number(deadline) }
    return .object(object)
  }
}

extension Float {
  /// The double that prints as this float does: 0.1, not 0.10000000149011612.
  var shortest: Double { Double(description) ?? Double(self) }
}

extension ServerSettings {
  fileprivate var json: JSONValue {
    var object: [String: JSONValue] = ["lr": .number(learningRate)]
    switch optimizer {
    case .gradientDescent(let momentum):
      object["momentum"] = .number(momentum)
    case .adaptive(let optimizer):
      object["optimizer"] = .string(optimizer.kind.rawValue)
      object["beta1"] = .number(optimizer.firstDecay)
      object["tau"] = .number(optimizer.adaptivity)
      if optimizer.kind != .adagrad { object["beta2"] = .number(optimizer.secondDecay) }
    }
    switch algorithm {
    case .fedAvg:
      object["algorithm"] = "fedavg"
    case .fedSGD(let beta):
      object["algorithm"] = "fedsgd"
      object["worker-momentum"] = .number(beta.shortest)
    }
    switch weighting {
    case .uniform:
      object["weighting"] = "uniform"
    case .samples(let cap):
      object["weighting"] = "samples"
      object["sample-cap"] = cap.map { .integer($0) } ?? .null
    }
    return .object(object)
  }
}

extension ThreatSettings {
  fileprivate func json(_ digests: ScenarioDigests) -> JSONValue {
    var object: [String: JSONValue] = [
      "malicious": .integer(maliciousCount), "placement": .string(placement.rawValue),
      "window": ["start": .integer(window.lowerBound), "stop": .integer(window.upperBound)],
      "schedule": schedule.json, "outside": .string(outside.rawValue),
      "participation": .string(participation.rawValue),
      "knowledge": .string(knowledge.rawValue), "backdoor": .null, "auxiliary": .null,
    ]
    if let backdoor {
      object["backdoor"] = [
        "trigger": backdoor.trigger.read(digests.trigger).json, "target": .integer(backdoor.target),
        "source": backdoor.source.map { .integer($0) } ?? .null,
      ]
    }
    if let auxiliary {
      object["auxiliary"] = auxiliary.json(digests.outside)
    }
    return .object(object)
  }
}

extension AuxiliarySettings {
  /// Reflected examples have no kind: they were there before there were others.
  fileprivate func json(_ digest: String?) -> JSONValue {
    var object: [String: JSONValue] = [
      "class": .integer(label), "train": .integer(trainingCount), "test": .integer(testCount),
    ]
    switch origin {
    case .reflected: break
    case .lowDensity(let neighbors):
      object["kind"] = "low-density"
      object["neighbors"] = .integer(neighbors)
    case .folder:
      object["kind"] = "folder"
      object["sha256"] = JSONValue(digest)
    }
    return .object(object)
  }
}

extension OutOfDistributionSettings {
  fileprivate func json(_ digest: String?) -> JSONValue {
    ["dataset": dataset.json, "samples": .integer(samples), "sha256": JSONValue(digest)]
  }
}

extension DeclaredByzantine {
  fileprivate var json: JSONValue {
    switch self {
    case .exact: "exact"
    case .bound(let share): ["bound": .number(share)]
    case .count(let count): ["count": .integer(count)]
    case .unknown: "unknown"
    }
  }
}
