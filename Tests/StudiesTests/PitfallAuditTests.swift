import Results
import Studies
import Testing

@Suite struct PitfallAuditTests {
  /// One combination of axes as `run.json` has it.
  private func scenario(
    axes: [String: String] = [:], dataset: String = "digits", partition: String = "iid",
    alpha: Double? = nil, algorithm: String = "fedavg", steps: Int? = nil, clients: Int = 20,
    participation: Double = 1, malicious: Int = 4
  ) -> JSONValue {
    let parameters: JSONValue = alpha.map { ["alpha": .number($0)] } ?? [:]
    let local: JSONValue = steps.map { ["steps": .integer($0)] } ?? ["epochs": 2]
    return [
      "axes": JSONValue(axes), "attacks": [], "defenses": [],
      "task": ["dataset": ["id": .string(dataset)], "local": local],
      "clients": [
        "count": .integer(clients), "participation": .number(participation),
        "partition": ["id": .string(partition), "parameters": parameters],
      ],
      "server": ["algorithm": .string(algorithm)], "threat": ["malicious": .integer(malicious)],
    ]
  }

  /// The items of a study in which each setting has one trial of its own axes.
  private func items(_ settings: [JSONValue], clean: Double = 0.9) -> [String: PitfallAudit.Item] {
    let records = settings.indices.flatMap { index -> [TrialRecordV1] in
      let axes = settings.count > 1 ? ["a.x": "\(index)"] : [:]
      return [
        Sample.trial("none", "mean", axes: axes, metrics: ["accuracy.final": clean]),
        Sample.trial("flip", "krum", axes: axes, accuracy: 0.5),
      ]
    }
    let numbered = settings.enumerated().map { index, setting -> JSONValue in
      guard case .object(var members) = setting, settings.count > 1 else { return setting }
      members["axes"] = ["a.x": .string("\(index)")]
      return .object(members)
    }
    return items(Sample.study(records, resolved: .array(numbered)))
  }

  private func items(_ study: Study) -> [String: PitfallAudit.Item] {
    let items = PitfallAudit(study).items
    #expect(
      items.map(\.id) == ["data", "heterogeneity", "algorithm", "scale", "attacks", "view"])
    #expect(items.allSatisfy { $0.remedy.isEmpty == ($0.verdict == .covered) })
    #expect(items.allSatisfy { !$0.found.isEmpty && !$0.title.isEmpty && !$0.source.isEmpty })
    return Dictionary(uniqueKeysWithValues: items.map { ($0.id, $0) })
  }

  @Test func theSettingIsASentence() {
    let one = Sample.study([Sample.trial("none", "mean")], resolved: .array([scenario()]))
    #expect(one.settingText == "Data: digits, split by iid. 20 clients, 4 of them malicious.")
    let axis = "threat.malicious"
    let swept = Sample.study(
      ["2", "4"].map { Sample.trial("none", "mean", axes: [axis: $0]) },
      resolved: .array([2, 4].map { scenario(axes: [axis: "\($0)"], malicious: $0) }))
    #expect(swept.settingText.hasSuffix("20 clients, 2 to 4 of them malicious."))
    #expect(Sample.study([Sample.trial("none", "mean")]).settingText.isEmpty)
  }

  @Test func dataThatAreEasyAreAPitfall() {
    #expect(items([scenario()])["data"]?.verdict == .lacks)
    #expect(items([scenario(dataset: "fashion-mnist")])["data"]?.verdict == .partly)
    // Files of a user whose plain mean is as good as on MNIST.
    #expect(items([scenario(dataset: "idx")], clean: 0.98)["data"]?.verdict == .lacks)
    let two = items([scenario(dataset: "idx"), scenario(dataset: "fashion-mnist"), scenario()])
    #expect(two["data"]?.verdict == .covered)
    #expect(two["data"]?.found == "idx, fashion-mnist, digits; easy among them: digits")
  }

  @Test(
    arguments: [
      ([("iid", nil)], PitfallAudit.Verdict.lacks),
      ([("uniform-sizes", nil), ("quantity-skew", 0.1)], .lacks),
      ([("dirichlet", 10)], .lacks), ([("dirichlet", 0.5)], .partly), ([("shards", nil)], .partly),
      ([("dirichlet", 0.1), ("dirichlet", 10)], .partly),
      ([("dirichlet", 0.1), ("dirichlet", 1)], .covered),
      ([("dirichlet", 0.1), ("shards", nil)], .covered),
    ] as [([(String, Double?)], PitfallAudit.Verdict)])
  func heterogeneityNeedsTwoDegrees(
    partitions: [(String, Double?)], verdict: PitfallAudit.Verdict
  ) {
    let item = items(partitions.map { scenario(partition: $0.0, alpha: $0.1) })["heterogeneity"]
    #expect(item?.verdict == verdict)
  }

  @Test func oneStepARoundIsAPitfall() {
    #expect(items([scenario()])["algorithm"]?.verdict == .covered)
    let slow = items([scenario(algorithm: "fedsgd")])["algorithm"]
    #expect(slow?.verdict == .lacks)
    #expect(slow?.found == "fedsgd; a step a round learns slowly, for attackers too")
    #expect(items([scenario(steps: 1)])["algorithm"]?.verdict == .lacks)
    #expect(items([scenario(algorithm: "fedsgd"), scenario()])["algorithm"]?.verdict == .covered)
  }

  @Test func scaleNeedsManyClientsSampledWithFewAttackers() {
    let few = items([scenario()])["scale"]
    #expect(few?.verdict == .lacks)
    #expect(
      few?.found
        == "20 clients; all take part in every round; attackers: 4 of 20; this is the scale of"
        + " organizations that train together, not of thousands of phones")
    #expect(few?.remedy.contains("clients.participation") == true)
    #expect(items([scenario(participation: 0.25)])["scale"]?.verdict == .partly)
    #expect(items([scenario(clients: 100, malicious: 1)])["scale"]?.verdict == .partly)
    #expect(items([scenario(clients: 99, malicious: 1)])["scale"]?.verdict == .lacks)
    let large = scenario(clients: 1000, participation: 0.01, malicious: 10)
    #expect(items([large])["scale"]?.verdict == .covered)
    #expect(items([large, scenario()])["scale"]?.found.hasPrefix("20 to 1000 clients") == true)
    // Each in another setting is not enough.
    let apart = items([
      scenario(clients: 1000, malicious: 200), scenario(clients: 200, participation: 0.1),
      scenario(clients: 100, malicious: 1),
    ])["scale"]
    #expect(apart?.verdict == .partly)
    #expect(apart?.remedy == "add clients, sample and few attackers in one setting")
  }

  @Test func attacksHaveToBeStrongAdaptiveAndEffective() throws {
    let facts = Sample.facts(["flip": "data-only", "opt-ipm": "omniscient"])
    func trial(
      _ attack: String, _ defense: String, drop: Double = 0.3, rehearsed: Double = 0
    ) -> TrialRecordV1 {
      var record = Sample.trial(
        attack, defense, accuracy: 0.5, metrics: ["accuracy.drop": drop, "asr.excess": 0])
      record.resolved = ["rehearsed": rehearsed]
      return record
    }
    func attacks(_ records: [TrialRecordV1]) throws -> PitfallAudit.Item {
      try #require(items(Sample.study(records, facts: facts))["attacks"])
    }
    let strong = [
      trial("opt-ipm", "mean"), trial("opt-ipm", "krum", rehearsed: 9), trial("flip", "krum"),
    ]
    let covered = try attacks(strong)
    #expect(covered.verdict == .covered)
    #expect(
      covered.found
        == "2 attacks; 1 of the strongest tier (omniscient); attacks rehearsed 1 of 1 defense;"
        + " 1 of 2 attacks hurts the plain mean, of 1 it is not known")
    // One more defense that no attack rehearsed; no plain mean; attacks without effect; naive ones.
    #expect(try attacks(strong + [trial("flip", "median")]).verdict == .partly)
    #expect(try attacks(Array(strong.dropFirst())).verdict == .partly)
    let harmless = try attacks([
      trial("opt-ipm", "mean", drop: 0), trial("opt-ipm", "krum", drop: 0, rehearsed: 9),
    ])
    #expect(harmless.verdict == .lacks && harmless.remedy.contains("threat.malicious"))
    #expect(try attacks([trial("flip", "mean"), trial("flip", "krum")]).verdict == .lacks)
    let meanOnly = try attacks([trial("opt-ipm", "mean")])
    #expect(meanOnly.verdict == .partly && meanOnly.remedy == "add defenses")
    // Without a catalog, that they rehearsed is enough.
    #expect(items(Sample.study(strong))["attacks"]?.verdict == .covered)
    let none = try attacks([trial("none", "mean")])
    #expect(none.verdict == .lacks && none.found == "no attack" && none.remedy == "add attacks")
  }

  @Test func withoutACleanTwinHarmIsNotKnown() throws {
    func attacks(_ metrics: [String: Double?]) throws -> PitfallAudit.Item {
      let study = Sample.study(
        ["mean", "krum"].map { Sample.trial("flip", $0, accuracy: 0.5, metrics: metrics) })
      return try #require(items(study)["attacks"])
    }
    let unknown = "whether they hurt the plain mean is not known"
    let without = try attacks([:])
    #expect(without.found.hasSuffix(unknown))
    #expect(without.remedy.hasSuffix("with its clean twin (attacks: none)"))
    // It plants no backdoor, and what it does to accuracy nobody knows.
    #expect(try attacks(["asr.excess": 0]).found.hasSuffix(unknown))
    #expect(try attacks(["asr.excess": 0.5]).found.hasSuffix("1 of 1 attack hurts the plain mean"))
    let harmless = try attacks(["accuracy.drop": 0])
    #expect(harmless.found.hasSuffix("0 of 1 attack hurt the plain mean"))
    #expect(harmless.remedy.contains("threat.malicious"))
  }

  @Test func oneFigureForAllIsAPitfall() throws {
    func view(_ metrics: [String: Double?], seeds: Int) throws -> PitfallAudit.Item {
      let records = (1...seeds).map {
        Sample.trial("flip", "krum", seed: $0, accuracy: 0.5, metrics: metrics)
      }
      return try #require(items(Sample.study(records))["view"])
    }
    #expect(try view([:], seeds: 5).verdict == .lacks)
    #expect(
      try view(["accuracy.class.0": 1, "fairness.worst-clients": nil], seeds: 5).verdict == .partly)
    let both: [String: Double?] = ["accuracy.class.0": 1, "fairness.worst-clients": 0.5]
    #expect(try view(both, seeds: 5).verdict == .covered)
    let single = try view(both, seeds: 1)
    #expect(single.verdict == .partly)
    #expect(
      single.found == "accuracy by class; accuracy of the worst clients; 1 seed in a cell")
  }

  @Test func unknownAndHostileFormsAreNoTrap() {
    let odd: [JSONValue] = [
      .null, .array([]), .array([.null, "x", [1], ["axes": 3]]),
      .array([["axes": [:], "task": "digits", "clients": [1], "threat": ["malicious": 1e300]]]),
      .array([scenario(dataset: "<script>", clients: -5, participation: .infinity, malicious: -1)]),
      .array([scenario(clients: .max, malicious: .max)]),
    ]
    for resolved in odd {
      let study = Sample.study(Sample.trials("flip", "krum", accuracy: [0.5]), resolved: resolved)
      #expect(items(study)["scale"]?.verdict != .covered)
    }
    #expect(items(Sample.study([]))["data"]?.found == "the results do not say")
  }
}
