import Federation
public import Results
import Training

extension Scenario {
  /// Everything but name, seeds, attacks and defenses, with every default filled in.
  ///
  /// `dataDigest` is the SHA-256 of the decoded arrays, `nil` for data that are drawn.
  public func resolved(dataDigest: String?) -> JSONValue {
    .object([
      "rounds": .integer(rounds),
      "task": .object([
        "dataset": task.dataset.json(digest: dataDigest),
        "model": .object([
          "hidden": .array(task.model.hidden.map { .integer($0) }),
          "init": .string(task.model.initialization.rawValue),
        ]),
        "local": task.localJSON,
      ]),
      "clients": .object([
        "count": .integer(clients.count), "participation": .number(clients.participation),
        "partition": clients.partition.json,
      ]),
      "server": server.json,
      "threat": threat.json,
      "defense-knows": declared.json,
    ])
  }
}

extension DatasetSettings {
  fileprivate func json(digest: String?) -> JSONValue {
    switch self {
    case .digits:
      ["use": "digits", "sha256": JSONValue(digest)]
    case .gaussianClasses(let features, let classes, let shift, let train, let test):
      [
        "use": "gaussian-classes", "features": .integer(features), "classes": .integer(classes),
        "shift": .number(shift), "train": train.map { .integer($0) } ?? .null,
        "test": .integer(test),
      ]
    case .idx(_, let classes, let trainLimit, let testLimit):
      [
        "use": "idx", "sha256": JSONValue(digest), "classes": .integer(classes),
        "train-limit": trainLimit.map { .integer($0) } ?? .null,
        "test-limit": testLimit.map { .integer($0) } ?? .null,
      ]
    }
  }
}

extension TaskSettings {
  fileprivate var localJSON: JSONValue {
    var object: [String: JSONValue] = [
      "batch": .integer(local.batchSize), "lr": .number(local.learningRate.shortest),
      "momentum": .number(local.momentum.shortest),
      "weight-decay": .number(local.weightDecay.shortest),
    ]
    switch local.length {
    case .epochs(let count): object["epochs"] = .integer(count)
    case .steps(let count): object["steps"] = .integer(count)
    }
    object["schedule"] =
      switch learningRateSchedule {
      case .constant: "constant"
      case .step(let every, let factor):
        ["kind": "step", "every": .integer(every), "factor": .number(factor)]
      case .cosine(let end): ["kind": "cosine", "end": .number(end)]
      case .linear(let end): ["kind": "linear", "end": .number(end)]
      }
    return .object(object)
  }
}

extension Float {
  /// The double that prints as this float does: 0.1, not 0.10000000149011612.
  var shortest: Double { Double(description) ?? Double(self) }
}

extension PartitionSettings {
  fileprivate var json: JSONValue {
    switch self {
    case .iid: ["kind": "iid"]
    case .dirichlet(let alpha): ["kind": "dirichlet", "alpha": .number(alpha)]
    case .labelShards(let count): ["kind": "shards", "per-client": .integer(count)]
    case .quantitySkew(let alpha): ["kind": "quantity-skew", "alpha": .number(alpha)]
    case .uniformSizes(let minimum, let maximum):
      ["kind": "uniform-sizes", "min": .integer(minimum), "max": .integer(maximum)]
    }
  }
}

extension ServerSettings {
  fileprivate var json: JSONValue {
    var object: [String: JSONValue] = [
      "lr": .number(learningRate), "momentum": .number(momentum),
    ]
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
  fileprivate var json: JSONValue {
    var object: [String: JSONValue] = [
      "malicious": .integer(maliciousCount), "placement": .string(placement.rawValue),
      "window": ["start": .integer(window.lowerBound), "stop": .integer(window.upperBound)],
      "outside": .string(outside.rawValue), "participation": .string(participation.rawValue),
      "knowledge": .string(knowledge.rawValue), "backdoor": .null,
    ]
    if let backdoor {
      object["backdoor"] = [
        "trigger": .string(backdoor.pattern.rawValue), "size": .integer(backdoor.size),
        "value": .number(backdoor.value), "corner": .string(backdoor.corner.rawValue),
        "target": .integer(backdoor.target),
        "source": backdoor.source.map { .integer($0) } ?? .null,
      ]
    }
    return .object(object)
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
