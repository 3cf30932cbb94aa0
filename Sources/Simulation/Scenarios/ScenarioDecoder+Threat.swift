import Components
import Datasets
import Diagnostics
import Documents
import Federation
import Yams

/// What attacks, and what the defense knows of it.
extension ScenarioDecoder {
  func threat(
    _ reader: MappingReader, clients: ClientSettings?, rounds: Int?
  ) -> ThreatSettings {
    let malicious = malicious(reader, clients: clients)
    let window = window(reader, rounds: rounds)
    let keys = reader.arguments(ScenarioKeys.threat)
    let (schedule, scheduleIsSound) = noting {
      chosen(
        reader, "schedule", of: catalog.attackSchedules, noun: "a schedule", idKey: "kind",
        standard: "every")
    }
    let settings = ThreatSettings(
      maliciousCount: malicious, placement: keys.choice("placement", or: .last), window: window,
      schedule: schedule, groups: groups(reader), outside: keys.choice("outside", or: .honest),
      participation: keys.choice("participation", or: .sampled),
      knowledge: keys.choice("knowledge", or: .full),
      backdoor: reader.has("backdoor") ? backdoor(reader.nested("backdoor")) : nil,
      auxiliary: reader.has("auxiliary") ? auxiliary(reader) : nil)
    _ = (reader.take("backdoor"), reader.take("auxiliary"))
    if scheduleIsSound, let problem = schedule.entry.make(schedule.arguments).problem(in: window) {
      sink.report("\(reader.full("schedule")): \(problem)", at: schedule.position)
    }
    if let places = clients?.participantCount, settings.participation == .always,
      malicious > places
    {
      sink.report(
        "threat.participation is 'always', but \(malicious) attackers do not fit into "
          + "\(places) participants", at: reader.node)
    }
    reader.finish()
    return settings
  }

  private func malicious(_ reader: MappingReader, clients: ClientSettings?) -> Int {
    guard let node = reader.take("malicious") else { return 0 }
    let count: Int
    if case .mapping = node {
      let inner = MappingReader(node, path: reader.full("malicious"), sink: sink)
      let (keys, isSound) = noting {
        let keys = inner.arguments([ScenarioKeys.attackerCount])
        inner.finish()
        return keys
      }
      // A count that stands in for one that is missing or wrong is nobody's.
      guard isSound else { return 0 }
      count = keys.integer("count")
    } else if let share = node.number, share >= 0, share < 1 {
      count = DecimalShare(share)
        .count(of: clients?.count ?? 0, rounded: .toNearestOrAwayFromZero)
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

  private func groups(_ reader: MappingReader) -> [AttackerGroup] {
    guard let node = reader.take("groups"), let items = groupNodes(node, of: "threat.groups") else {
      return []
    }
    let (groups, areSound) = noting {
      var names: Set<String> = []
      return items.enumerated().map { place, item in
        let inner = MappingReader(item, path: "threat.groups[\(place)]", sink: sink)
        let (keys, isSound) = noting { inner.arguments(ScenarioKeys.attackerGroup) }
        inner.finish()
        let name = keys.text("name")
        if isSound { check(id: name, at: inner.take("name")) }
        if isSound && !names.insert(name).inserted {
          sink.report("threat.groups names '\(excerpt(name))' twice", at: item)
        }
        return AttackerGroup(name: name, share: keys.real("share"))
      }
    }
    if areSound, let problem = GroupSizes.problem(groups.map(\.share)) {
      sink.report("threat.groups: \(problem)", at: node)
    }
    return groups
  }

  private func window(_ reader: MappingReader, rounds known: Int?) -> Range<Int> {
    let node = reader.take("window")
    let rounds = known ?? 1_000_000
    let (keys, isSound) = noting {
      section(reader, "window", ScenarioKeys.window(rounds: rounds))
    }
    let (start, stop) = (keys.integer("start"), keys.integer("stop"))
    guard start < stop, stop <= rounds else {
      guard isSound, known != nil || start >= stop else { return 0..<rounds }
      sink.report(
        "threat.window has start \(start) and stop \(stop); "
          + "it takes 0 <= start < stop <= rounds, which is \(rounds)", at: node)
      return 0..<rounds
    }
    return start..<stop
  }

  private func backdoor(_ reader: MappingReader) -> BackdoorSettings {
    let keys = reader.arguments(ScenarioKeys.backdoor(catalog.triggers))
    reader.finish()
    let id = keys.text("trigger")
    let entry = catalog.triggers.first { $0.manifest.id.rawValue == id } ?? catalog.triggers[0]
    let own = Set(entry.manifest.parameters.map(\.name))
    return BackdoorSettings(
      trigger: Chosen(
        entry, Arguments(checked: keys.values.filter { own.contains($0.key) }),
        position: reader.node?.position),
      values: keys.values, target: keys.integer("target"), source: keys.wholeNumber("source"))
  }

  private func auxiliary(_ reader: MappingReader) -> AuxiliarySettings {
    let inner = reader.nested("auxiliary")
    let keys = inner.arguments(ScenarioKeys.auxiliary)
    let kind = keys.text("kind")
    var origin = AuxiliarySettings.Origin.reflected
    for (own, specs) in [
      ("low-density", ScenarioKeys.lowDensity), ("folder", ScenarioKeys.outsideFolder),
    ] {
      guard kind == own else {
        for key in specs.map(\.name) where inner.has(key) {
          sink.report(
            "\(inner.full(key)) is used by threat.auxiliary.kind '\(own)' alone; leave it out",
            at: inner.take(key))
        }
        continue
      }
      let values = inner.arguments(specs)
      if own == "folder" {
        origin = .folder(values.text("folder"))
        if values.text("folder") == "none" { inner.reportMissing("folder") }
      } else {
        origin = .lowDensity(neighbors: values.integer("neighbors"))
      }
    }
    inner.finish()
    return AuxiliarySettings(
      label: keys.integer("class"), trainingCount: keys.integer("train"),
      testCount: keys.integer("test"), origin: origin,
      position: reader.take("auxiliary")?.position)
  }

  // MARK: - What the defense knows

  func defenseKnows(
    _ reader: MappingReader
  ) -> (DeclaredByzantine, ServerDataSettings) {
    let declared = declared(reader)
    let keys = reader.arguments(ScenarioKeys.serverData)
    var data = ServerDataSettings(rootSamples: keys.wholeNumber("root-samples"))
    let key = "out-of-distribution"
    if reader.has(key) {
      let inner = reader.nested(key)
      let samples = inner.arguments(ScenarioKeys.outOfDistribution).integer("samples")
      let (dataset, _) = dataset(inner, "dataset", noun: "a data set")
      inner.finish()
      data.outOfDistribution = OutOfDistributionSettings(dataset: dataset, samples: samples)
    }
    _ = reader.take(key)
    reader.finish()
    return (declared, data)
  }

  private func declared(_ reader: MappingReader) -> DeclaredByzantine {
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
    if inner.has("count") {
      return .count(inner.arguments([ScenarioKeys.attackerCount]).integer("count"))
    }
    return .bound(inner.arguments([ScenarioKeys.maliciousBound]).real("bound"))
  }
}

extension Arguments {
  /// The value of an enumeration that a word names.
  fileprivate func choice<T: RawRepresentable>(_ name: String, or standard: T) -> T
  where T.RawValue == String {
    word(name).flatMap { T(rawValue: $0) } ?? standard
  }
}
