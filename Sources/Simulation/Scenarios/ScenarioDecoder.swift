import Components
import Datasets
import Diagnostics
import Documents
import Federation
import Training
import Yams

/// Turns one scenario mapping, axes already filled in, into a ``Scenario``.
///
/// Keys and their legal values are those of ``ScenarioKeys`` and of the catalog's manifests.
struct ScenarioDecoder {
  static let schema = "gauntlet/scenario/1"
  static let topKeys = ScenarioKeys.table(Catalog(attacks: [], aggregators: [])).map(\.name)

  let catalog: Catalog
  let sink: ProblemSink
  /// Whether the combinations of the matrix take several algorithms or optimizers: then keys of any of
  /// them may stand in the file, and each combination reads its own.
  var sweepsServer = false

  /// What is the same in all combinations of the matrix.
  struct Lists {
    let seeds: [UInt64]
    let attacks: [AttackChoice]
    let defenses: [DefenseChoice]
  }

  /// Reads seeds, attacks and defenses.
  func lists(_ root: Node) -> Lists {
    let reader = MappingReader(root, path: "", sink: sink)
    for key in Self.topKeys { _ = reader.take(key) }
    return Lists(seeds: seeds(reader), attacks: attacks(reader), defenses: defenses(reader))
  }

  /// Reads everything else.
  func decode(_ root: Node, _ lists: Lists) -> (Scenario, ScenarioFile.Soundness) {
    let reader = MappingReader(root, path: "", sink: sink)
    // So that a misspelt key is compared with all keys in the order of the documentation.
    for key in Self.topKeys { _ = reader.take(key) }
    let top = reader.arguments(ScenarioKeys.top)
    let schema = top.text("schema")
    if !schema.isEmpty && schema != Self.schema {
      sink.report("schema is '\(excerpt(schema))'; this version reads '\(Self.schema)'", at: root)
    }
    var soundness = ScenarioFile.Soundness()
    let (own, roundsAreSound) = noting { reader.arguments(ScenarioKeys.rounds) }
    let rounds = own.integer("rounds")
    let fixed = section(reader, "fixed-seeds", ScenarioKeys.fixedSeeds)
    let evaluation = section(reader, "evaluation", ScenarioKeys.evaluation)
    let (server, serverIsSound) = noting { self.server(reader.nested("server")) }
    let (task, taskIsSound) = task(reader.nested("task"), server.algorithm, &soundness)
    if task.trainer != nil { refuseData(reader) }
    // A number of clients that could not be read is no limit for attackers.
    let (clients, clientsAreSound) = noting { self.clients(reader.nested("clients")) }
    let (threat, threatIsSound) = noting {
      self.threat(
        reader.nested("threat"), clients: clientsAreSound ? clients : nil,
        rounds: roundsAreSound ? rounds : nil)
    }
    let ((declared, serverData), knowledgeIsSound) = noting {
      defenseKnows(reader.nested("defense-knows"))
    }
    reader.finish()
    soundness.settings =
      taskIsSound && roundsAreSound && clientsAreSound && serverIsSound && threatIsSound
      && knowledgeIsSound
    let scenario = Scenario(
      name: top.text("name"), seeds: lists.seeds,
      fixedSeeds: FixedSeeds(
        data: fixed.wholeNumber("data").map { UInt64($0) },
        initialization: fixed.wholeNumber("init").map { UInt64($0) }),
      rounds: rounds, evaluation: EvaluationSettings(every: evaluation.integer("every")),
      task: task, clients: clients, server: server, threat: threat, declared: declared,
      serverData: serverData, attacks: lists.attacks, defenses: lists.defenses)
    return (scenario, soundness)
  }

  /// Returns what a part gives, and whether nothing was reported on the way.
  func noting<R>(_ body: () -> R) -> (R, isSound: Bool) {
    let before = sink.reportCount
    let result = body()
    return (result, sink.reportCount == before)
  }

  /// Reads a mapping that holds nothing but the keys of some specs.
  func section(
    _ reader: MappingReader, _ key: String, _ specs: [ParameterSpec]
  ) -> Arguments {
    let inner = reader.nested(key)
    defer { inner.finish() }
    return inner.arguments(specs)
  }

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
    let keys = MappingReader(node, path: "seeds", sink: sink)
    let range = keys.arguments(ScenarioKeys.seedRange)
    keys.finish()
    let (first, count) = (range.integer("from"), range.integer("count"))
    return (0..<count).map { UInt64(first + $0) }
  }

  // MARK: - Task

  private func task(
    _ reader: MappingReader, _ algorithm: ServerSettings.Algorithm,
    _ soundness: inout ScenarioFile.Soundness
  ) -> (TaskSettings, isSound: Bool) {
    let before = sink.reportCount
    let trainer = trainer(reader, algorithm)
    // Where a trainer has them, the first of each catalog stands for nothing.
    let (dataset, normalization) =
      trainer == nil
      ? dataset(reader, "dataset", noun: "a data set")
      : (Chosen(catalog.datasets[0], .harmless(catalog.datasets[0].manifest.parameters)), nil)
    soundness.dataset = trainer == nil && sink.reportCount == before
    let model =
      trainer == nil
      ? chosen(
        reader, "model", of: catalog.models, noun: "a model", idKey: "kind", standard: "mlp")
      : Chosen(catalog.models[0], .harmless(catalog.models[0].manifest.parameters))
    let drawn = section(reader, "augmentation", ScenarioKeys.augmentation)
    let rest = reader.arguments(ScenarioKeys.task)
    // Whatever the schedule of the clients is, the rest can be checked.
    let isSound = sink.reportCount == before
    let local = reader.nested("local")
    if local.has("epochs") && local.has("steps") {
      sink.report("task.local takes epochs or steps, not both", at: local.node)
    }
    let keys = local.arguments(ScenarioKeys.local)
    if case .fedSGD = algorithm {
      refuse(
        ["epochs", "steps", "momentum", "proximal"], of: local,
        "is not used by server.algorithm 'fedsgd', whose clients send the gradient of one batch; "
          + "leave it out")
    }
    if trainer != nil && keys.real("proximal") != 0 {
      sink.report(
        "task.local.proximal: the program of task.exec takes its steps itself; tell it in task.params",
        at: local.node)
    }
    let learningRate = chosen(
      local, "schedule", of: catalog.learningRates, noun: "a schedule", idKey: "kind",
      standard: "constant")
    local.finish()
    reader.finish()
    let file = rest.text("init")
    let settings = TaskSettings(
      trainer: trainer, dataset: dataset, normalization: normalization, model: model,
      initialFile: file == "none" ? nil : file, initialFilePosition: reader.take("init")?.position,
      local: LocalSchedule(
        length: keys.wholeNumber("steps").map { .steps($0) } ?? .epochs(keys.integer("epochs")),
        batchSize: keys.integer("batch"), learningRate: Float(keys.real("lr")),
        momentum: Float(keys.real("momentum")), weightDecay: Float(keys.real("weight-decay")),
        proximal: Float(keys.real("proximal"))),
      learningRate: learningRate, augmentation: augmentation(drawn))
    return (settings, isSound)
  }

  /// What is drawn of images; `nil` where that is nothing.
  private func augmentation(_ keys: Arguments) -> AugmentationSettings? {
    let (crop, flips) = (keys.integer("crop"), keys.text("flip") == "horizontal")
    return crop == 0 && !flips ? nil : AugmentationSettings(crop: crop, flips: flips)
  }

  /// Reads a data set and what is done to its inputs.
  func dataset(
    _ reader: MappingReader, _ key: String, noun: String
  ) -> (Chosen<DatasetEntry>, Normalization?) {
    var normalization: Normalization?
    let dataset = chosen(reader, key, of: catalog.datasets, noun: noun, idKey: "use") { inner in
      guard inner.has("normalize") else { return }
      let keys = section(inner, "normalize", ScenarioKeys.normalize)
      let (mean, deviation) = (keys.reals("mean") ?? [], keys.reals("std") ?? [])
      guard mean.count == deviation.count else {
        sink.report(
          "\(inner.full("normalize")) has \(mean.count) means and \(deviation.count) deviations",
          at: inner.take("normalize"))
        return
      }
      normalization = Normalization(
        mean: mean.map { Float($0) }, deviation: deviation.map { Float($0) })
    }
    return (dataset, normalization)
  }

  /// Reads an entry of a catalog: an id, or a mapping of an id and parameters.
  ///
  /// - Parameters:
  ///   - reader: The mapping that has the key.
  ///   - key: The key.
  ///   - entries: The catalog.
  ///   - noun: What an entry is, for messages.
  ///   - idKey: The key of the id in a mapping.
  ///   - standard: The id that holds where nothing is given; `nil`: something has to be.
  ///   - before: Reads keys of the mapping that are not parameters.
  /// - Returns: The entry and its arguments; after a problem, the first entry.
  func chosen<Entry: CatalogEntry>(
    _ reader: MappingReader, _ key: String, of entries: [Entry], noun: String, idKey: String,
    standard: String? = nil, before: (MappingReader) -> Void = { _ in }
  ) -> Chosen<Entry> {
    let node = reader.take(key)
    if node == nil && standard == nil { reader.reportMissing(key) }
    let path = reader.full(key)
    let word = node?.string
    let inner =
      word == nil && node != nil
      ? MappingReader(node, path: path, sink: sink)
      : reader.vacant(key, at: node?.position)
    let id = word ?? inner.text(idKey, default: standard ?? entries[0].manifest.id.rawValue)
    before(inner)
    guard let entry = entries.first(where: { $0.manifest.id.rawValue == id }) else {
      for (name, _) in inner.rest { _ = inner.take(name) }
      let known = entries.map(\.manifest.id.rawValue)
      sink.report(
        "\(path) is '\(excerpt(id))', which is not \(noun)"
          + (Self.hint(for: id, noun) ?? suggestion(for: id, among: known)),
        at: inner.take(idKey) ?? node)
      return Chosen(
        entries[0], .harmless(entries[0].manifest.parameters), position: node?.position)
    }
    if word == nil && node != nil && standard == nil && !inner.has(idKey) {
      sink.report("\(path).\(idKey) is missing", at: node)
    }
    defer { inner.finish() }
    return Chosen(
      entry, inner.arguments(entry.manifest.parameters), position: node?.position)
  }

  /// Reports keys that the algorithm does not use, unless a matrix takes several.
  private func refuse(_ keys: [String], of reader: MappingReader, _ reason: String) {
    guard !sweepsServer else { return }
    for key in keys where reader.has(key) {
      sink.report("\(reader.full(key)) \(reason)", at: reader.take(key))
    }
  }

  /// How to write what has no id of its own.
  private static func hint(for id: String, _ noun: String) -> String? {
    let name = id.lowercased()
    guard noun == "a data set", id.utf8.count <= 40, name.hasSuffix("mnist") else { return nil }
    return ", but a folder of files in IDX format is one: {use: idx, folder: \(name)}"
  }

  // MARK: - Clients and server

  private func clients(_ reader: MappingReader) -> ClientSettings {
    let keys = reader.arguments(ScenarioKeys.clients)
    let (partition, isSound) = noting {
      chosen(
        reader, "partition", of: catalog.partitions, noun: "a partition", idKey: "kind",
        standard: "iid")
    }
    do throws(ConfigurationError) {
      if isSound { _ = try partition.entry.make(partition.arguments) }
    } catch {
      for case .invalid(_, let reason) in error.problems {
        sink.report("\(reader.full("partition")): \(reason)", at: partition.position)
      }
    }
    reader.finish()
    return ClientSettings(
      count: keys.integer("count"), participation: keys.real("participation"),
      dropout: keys.real("dropout"), deadline: keys.number("deadline"), partition: partition)
  }

  private func server(_ reader: MappingReader) -> ServerSettings {
    let keys = reader.arguments(ScenarioKeys.server)
    var algorithm = ServerSettings.Algorithm.fedAvg
    if keys.text("algorithm") == "fedsgd" {
      let own = reader.arguments(ScenarioKeys.fedSGD)
      algorithm = .fedSGD(workerMomentum: Float(own.real("worker-momentum")))
    } else {
      leaveOut(ScenarioKeys.fedSGD, of: reader, "is used by server.algorithm 'fedsgd' alone")
    }
    let optimizer = optimizer(reader, keys.text("optimizer"))
    var weighting = ServerSettings.Weighting.uniform
    if keys.text("weighting") == "samples" {
      let own = reader.arguments(ScenarioKeys.sampleWeights)
      weighting = .samples(cap: own.wholeNumber("sample-cap"))
    } else if reader.has("sample-cap") {
      sink.report(
        "server.sample-cap is used by server.weighting 'samples' alone; leave it out",
        at: reader.take("sample-cap"))
    }
    reader.finish()
    return ServerSettings(
      algorithm: algorithm, weighting: weighting, learningRate: keys.real("lr"),
      optimizer: optimizer)
  }

  private func optimizer(_ reader: MappingReader, _ name: String) -> ServerSettings.Optimizer {
    guard let kind = AdaptiveOptimizer.Kind(rawValue: name) else {
      leaveOut(ScenarioKeys.adaptiveServer, of: reader, "is used by adaptive optimizers alone")
      let own = reader.arguments(ScenarioKeys.serverMomentum)
      return .gradientDescent(momentum: own.real("momentum"))
    }
    leaveOut(ScenarioKeys.serverMomentum, of: reader, "is used by server.optimizer 'sgd' alone")
    let own = reader.arguments(ScenarioKeys.adaptiveServer)
    return .adaptive(
      AdaptiveOptimizer(
        kind: kind, firstDecay: own.real("beta1"), secondDecay: own.real("beta2"),
        adaptivity: own.real("tau")))
  }

  /// Refuses keys that something else uses, and takes them, so that they are not unknown as well.
  private func leaveOut(_ specs: [ParameterSpec], of reader: MappingReader, _ why: String) {
    let names = specs.map(\.name)
    refuse(names, of: reader, "\(why); leave it out")
    for name in names { _ = reader.take(name) }
  }
}
