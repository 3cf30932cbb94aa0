import Datasets
import Diagnostics
import Documents
import Federation
import Training
import Yams

/// Turns one scenario mapping, axes already filled in, into a ``Scenario``.
struct ScenarioDecoder {
  static let schema = "gauntlet/scenario/1"
  static let topKeys = [
    "schema", "name", "seeds", "rounds", "task", "clients", "server", "threat", "defense-knows",
    "attacks", "defenses", "matrix",
  ]

  let sink: ProblemSink

  func decode(_ root: Node) -> Scenario {
    let reader = MappingReader(root, path: "", sink: sink)
    let schema = reader.text("schema")
    if !schema.isEmpty && schema != Self.schema {
      sink.report("schema is '\(schema)'; this version reads '\(Self.schema)'", at: root)
    }
    let name = reader.text("name")
    let seeds = seeds(reader)
    // Where it is wrong, the largest: what depends on it is not to blame.
    let rounds = reader.legalInteger("rounds", in: 1...1_000_000) ?? 1_000_000
    let task = task(reader.nested("task"))
    let before = sink.problems.count
    let clients = clients(reader.nested("clients"))
    let clientsAreSound = sink.problems.count == before
    let server = server(reader.nested("server"))
    // A number of clients that could not be read is no limit for attackers.
    let threat = threat(reader, clients: clientsAreSound ? clients : nil, rounds: rounds)
    let declared = declared(reader.nested("defense-knows"))
    let attacks = attacks(reader)
    let defenses = defenses(reader)
    _ = reader.take("matrix")
    reader.finish()
    return Scenario(
      name: name, seeds: seeds, rounds: rounds, task: task, clients: clients, server: server,
      threat: threat, declared: declared, attacks: attacks, defenses: defenses)
  }

  // MARK: - Top level

  private func seeds(_ reader: MappingReader) -> [UInt64] {
    let standard: [UInt64] = [1, 2, 3, 4, 5]
    guard let node = reader.take("seeds") else { return standard }
    if case .sequence(let items) = node {
      // Result files hold seeds as signed numbers.
      let seeds = items.compactMap { $0.wholeNumber.flatMap { UInt64(exactly: $0) } }
      if seeds.count != items.count || seeds.isEmpty || Set(seeds).count != seeds.count {
        sink.report(
          "seeds has to be a list of different whole numbers from 0 to \(Int.max)", at: node)
        return standard
      }
      return seeds
    }
    guard case .mapping = node else {
      sink.report(
        "seeds has to be a list such as [1, 2, 3], or {from: 1, count: 3}, not \(node.kindName)",
        at: node)
      return standard
    }
    let seeds = MappingReader(node, path: "seeds", sink: sink)
    let first = seeds.integer("from", in: 0...Int.max / 2, default: 1)
    let count = seeds.integer("count", in: 1...1_000_000)
    seeds.finish()
    return (0..<count).map { UInt64(first + $0) }
  }

  private func task(_ reader: MappingReader) -> TaskSettings {
    let dataset = dataset(reader)
    let model = model(reader.nested("model"))
    let local = reader.nested("local")
    if local.has("epochs") && local.has("steps") {
      sink.report("task.local takes epochs or steps, not both", at: local.node)
    }
    let steps = local.optionalInteger("steps", in: 1...10_000_000)
    let epochs = local.integer("epochs", in: 1...100_000, default: 1)
    let schedule = LocalSchedule(
      length: steps.map { .steps($0) } ?? .epochs(epochs),
      batchSize: local.integer("batch", in: 1...1_000_000, default: 32),
      learningRate: Float(local.real("lr", in: 0...1_000_000, isOpenBelow: true)),
      momentum: Float(local.real("momentum", in: 0...0.999_999, default: 0)),
      weightDecay: Float(local.real("weight-decay", in: 0...1_000_000, default: 0)))
    let rateSchedule = learningRateSchedule(local)
    local.finish()
    reader.finish()
    return TaskSettings(
      dataset: dataset, datasetPosition: reader.take("dataset")?.position, model: model,
      local: schedule, learningRateSchedule: rateSchedule)
  }

  private func learningRateSchedule(_ local: MappingReader) -> LearningRateSchedule {
    guard let node = local.take("schedule") else { return .constant }
    if node.string == "constant" { return .constant }
    let reader = MappingReader(node, path: local.full("schedule"), sink: sink)
    let kind = reader.choice("kind", default: ScheduleKind.constant)
    defer { reader.finish() }
    switch kind {
    case .constant:
      return .constant
    case .step:
      return .step(
        every: reader.integer("every", in: 1...1_000_000),
        factor: reader.real("factor", in: 0...1, isOpenBelow: true, default: 0.1))
    case .cosine:
      return .cosine(end: reader.real("end", in: 0...1, default: 0))
    case .linear:
      return .linear(end: reader.real("end", in: 0...1, default: 0))
    }
  }

  private func model(_ reader: MappingReader) -> ModelSettings {
    let before = sink.problems.count
    let kind = reader.choice("kind", default: ModelKind.mlp)
    var hidden: [Int] = []
    if kind == .mlp && sink.problems.count == before {
      if let node = reader.take("hidden") {
        let widths = node.sequence?.compactMap(\.wholeNumber) ?? []
        let isLegal = widths.allSatisfy { (1...1_000_000).contains($0) }
        if !isLegal || widths.isEmpty || widths.count != node.sequence?.count {
          sink.report(
            "\(reader.full("hidden")) has to be a list of layer widths, such as [64]", at: node)
        } else {
          hidden = widths
        }
      } else {
        reader.reportMissing("hidden")
      }
    }
    let initialization = reader.choice("init", default: Initialization.he)
    reader.finish()
    return ModelSettings(hidden: hidden, initialization: initialization)
  }

  private func dataset(_ task: MappingReader) -> DatasetSettings {
    guard let node = task.take("dataset") else {
      task.reportMissing("dataset")
      return .digits
    }
    let known = DatasetKind.allCases.map(\.rawValue)
    let reader: MappingReader
    let kind: String
    if let word = node.string {
      reader = MappingReader(nil, path: "task.dataset", sink: sink)
      kind = word
    } else {
      reader = MappingReader(node, path: "task.dataset", sink: sink)
      kind = reader.text("use")
    }
    defer { reader.finish() }
    switch DatasetKind(rawValue: kind) {
    case .digits:
      return .digits
    case .gaussianClasses:
      return .gaussianClasses(
        features: reader.integer("features", in: 1...10_000_000, default: 32),
        classes: reader.integer("classes", in: 2...100_000, default: 10),
        shift: reader.real("shift", in: -1e6...1e6, default: 2),
        train: reader.optionalInteger("train", in: 1...100_000_000),
        test: reader.integer("test", in: 1...100_000_000, default: 2000))
    case .idx:
      if !reader.has("folder") {
        sink.report("task.dataset.folder is missing: the folder with the IDX files", at: node)
      }
      return .idx(
        folder: reader.text("folder", default: "."),
        classes: reader.integer("classes", in: 2...256, default: 10),
        trainLimit: reader.optionalInteger("train-limit", in: 1...100_000_000),
        testLimit: reader.optionalInteger("test-limit", in: 1...100_000_000))
    case nil:
      _ = reader.rest.map { reader.take($0.name) }
      sink.report(
        "task.dataset is '\(kind)', which is not a data set" + suggestion(for: kind, among: known),
        at: node)
      return .digits
    }
  }

  private func clients(_ reader: MappingReader) -> ClientSettings {
    let count = reader.integer("count", in: 1...10_000_000)
    let participation = reader.real("participation", in: 0...1, isOpenBelow: true, default: 1)
    let partition = partition(reader)
    reader.finish()
    return ClientSettings(count: count, participation: participation, partition: partition)
  }

  private func partition(_ clients: MappingReader) -> PartitionSettings {
    guard let node = clients.take("partition") else { return .iid }
    if node.string == "iid" { return .iid }
    let reader = MappingReader(node, path: clients.full("partition"), sink: sink)
    let kind = reader.choice("kind", default: PartitionKind.iid)
    defer { reader.finish() }
    switch kind {
    case .iid:
      return .iid
    case .dirichlet:
      return .dirichlet(alpha: reader.real("alpha", in: 1e-6...1e6))
    case .shards:
      return .labelShards(perClient: reader.integer("per-client", in: 1...1_000_000, default: 2))
    case .quantitySkew:
      return .quantitySkew(alpha: reader.real("alpha", in: 1e-6...1e6))
    case .uniformSizes:
      let minimum = reader.integer("min", in: 1...100_000_000)
      let maximum = reader.integer("max", in: 1...100_000_000)
      if maximum <= minimum {
        sink.report("\(reader.full("max")) has to be above min: sizes are in min ..< max", at: node)
      }
      return .uniformSizes(minimum: minimum, maximum: max(maximum, minimum + 1))
    }
  }

  private func server(_ reader: MappingReader) -> ServerSettings {
    let algorithm = reader.choice("algorithm", default: AlgorithmKind.fedAvg)
    let weighting = reader.choice("weighting", default: WeightingKind.uniform)
    var momentum: Double = 0
    if algorithm == .fedSGD {
      momentum = reader.real("worker-momentum", in: 0...0.999_999, default: 0.9)
    }
    var cap: Int?
    if weighting == .samples { cap = reader.optionalInteger("sample-cap", in: 1...100_000_000) }
    let settings = ServerSettings(
      algorithm: algorithm == .fedSGD ? .fedSGD(workerMomentum: Float(momentum)) : .fedAvg,
      weighting: weighting == .samples ? .samples(cap: cap) : .uniform,
      learningRate: reader.real("lr", in: 1e-9...1e6, default: 1),
      momentum: reader.real("momentum", in: 0...0.999_999, default: 0))
    reader.finish()
    return settings
  }

  // MARK: - Threat

  private func threat(_ root: MappingReader, clients: ClientSettings?, rounds: Int)
    -> ThreatSettings
  {
    let reader = root.nested("threat")
    let malicious = malicious(reader, clients: clients)
    let window = window(reader, rounds: rounds)
    let placement = reader.choice("placement", default: ThreatSettings.Placement.last)
    let outside = reader.choice("outside", default: ThreatSettings.Outside.honest)
    let participation = reader.choice(
      "participation", default: ThreatSettings.Participation.sampled)
    let knowledge = reader.choice("knowledge", default: ThreatSettings.Knowledge.full)
    let backdoor = reader.has("backdoor") ? backdoor(reader.nested("backdoor")) : nil
    let backdoorPosition = reader.take("backdoor")?.position
    if let places = clients?.participantCount, participation == .always, malicious > places {
      sink.report(
        "threat.participation is 'always', but \(malicious) attackers do not fit into "
          + "\(places) participants", at: reader.node)
    }
    reader.finish()
    return ThreatSettings(
      maliciousCount: malicious, placement: placement, window: window, outside: outside,
      participation: participation, knowledge: knowledge, backdoor: backdoor,
      backdoorPosition: backdoorPosition)
  }

  private func malicious(_ reader: MappingReader, clients: ClientSettings?) -> Int {
    guard let node = reader.take("malicious") else { return 0 }
    let count: Int
    if case .mapping = node {
      let inner = MappingReader(node, path: reader.full("malicious"), sink: sink)
      count = inner.integer("count", in: 0...10_000_000)
      inner.finish()
    } else if let share = node.number, share >= 0, share < 1 {
      count = Int((share * Double(clients?.count ?? 0)).rounded())
    } else {
      sink.report(
        "threat.malicious has to be a share of at least 0 and below 1, or {count: N}, "
          + "not \(node.kindName)", at: node)
      return 0
    }
    if let clients, count >= clients.count {
      sink.report("threat.malicious: \(count) attackers of \(clients.count) clients", at: node)
      return 0
    }
    return count
  }

  private func window(_ reader: MappingReader, rounds: Int) -> Range<Int> {
    guard let node = reader.take("window") else { return 0..<rounds }
    let inner = MappingReader(node, path: reader.full("window"), sink: sink)
    let start = inner.integer("start", in: 0...1_000_000, default: 0)
    let stop = inner.integer("stop", in: 0...1_000_000, default: rounds)
    inner.finish()
    guard start < stop, stop <= rounds else {
      sink.report(
        "threat.window has start \(start) and stop \(stop); "
          + "it takes 0 <= start < stop <= rounds, which is \(rounds)", at: node)
      return 0..<rounds
    }
    return start..<stop
  }

  private func backdoor(_ reader: MappingReader) -> BackdoorSettings {
    let source: Int?
    if let node = reader.take("source"), node.string != "none" {
      source = node.wholeNumber
      if source == nil || (source ?? 0) < 0 {
        sink.report("threat.backdoor.source has to be a class or 'none'", at: node)
      }
    } else {
      source = nil
    }
    let settings = BackdoorSettings(
      pattern: reader.choice("trigger", default: Trigger.Pattern.square),
      size: reader.integer("size", in: 1...10_000_000),
      value: reader.real("value", in: -1e6...1e6, default: 1),
      corner: reader.choice("corner", default: Trigger.Corner.bottomRight),
      target: reader.integer("target", in: 0...100_000), source: source)
    reader.finish()
    return settings
  }

  private func declared(_ reader: MappingReader) -> DeclaredByzantine {
    defer { reader.finish() }
    guard let node = reader.take("malicious") else { return .exact }
    if node.string == "exact" { return .exact }
    if node.string == "unknown" { return .unknown }
    guard case .mapping = node else {
      sink.report(
        "defense-knows.malicious has to be 'exact', 'unknown', {bound: SHARE} or {count: N}, "
          + "not \(node.kindName)", at: node)
      return .exact
    }
    let inner = MappingReader(node, path: reader.full("malicious"), sink: sink)
    defer { inner.finish() }
    if inner.has("count") { return .count(inner.integer("count", in: 0...10_000_000)) }
    return .bound(inner.real("bound", in: 0...1))
  }
}

private enum DatasetKind: String, CaseIterable {
  case digits
  case gaussianClasses = "gaussian-classes"
  case idx
}

private enum ModelKind: String, CaseIterable {
  case logistic
  case mlp
}

private enum ScheduleKind: String, CaseIterable {
  case constant
  case step
  case cosine
  case linear
}

private enum PartitionKind: String, CaseIterable {
  case iid
  case dirichlet
  case shards
  case quantitySkew = "quantity-skew"
  case uniformSizes = "uniform-sizes"
}

private enum AlgorithmKind: String, CaseIterable {
  case fedAvg = "fedavg"
  case fedSGD = "fedsgd"
}

private enum WeightingKind: String, CaseIterable {
  case uniform
  case samples
}
