import Foundation
import Leaderboards
import Results
import Studies
import Testing
import _TestSupport

@Suite struct EntryCheckTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func rules(_ path: String) throws -> [String] {
    var loader = Sample.loader()
    return try loader.check(path).errors.map(\.rule.id)
  }

  private func edited(_ file: String, _ change: (String) -> String) throws -> String {
    let path = try Sample.pack(into: folder)
    try Sample.edit(path + "/" + file, change)
    return path
  }

  /// Results that were changed and packed again, so that digests agree.
  private func repacked(
    _ change: (inout [TrialRecordV1]) -> Void, resolved: JSONValue = Sample.resolved
  ) throws -> String {
    var records = Sample.records
    change(&records)
    return try Sample.pack(Sample.study(records, resolved: resolved), into: folder)
  }

  @Test func whatIsPackedKeepsTheRules() throws {
    var loader = Sample.loader()
    let check = try loader.check(try Sample.pack(into: folder))
    #expect(check.findings == [])
    #expect(check.status == .checked)
    #expect(check.entry.paper == "Blanchard. Krum. NIPS 2017.")
    #expect(check.entry.flags.contains("oracle-f"))
    // Others' trials that flags rest on are there, and no metric that no board shows.
    #expect(Set(check.results.records.map(\.defense)) == ["krum", "mean"])
    #expect(check.results.records.allSatisfy { $0.metrics["stealth.score"] == nil })
  }

  @Test func noFactsOfTheMachineArePublished() throws {
    var manifest = Sample.manifest(Sample.resolved)
    manifest.invocation = ["gauntlet", "run", "/home/secret/x.yaml"]
    manifest.machine = .init(cores: 77, arch: "secret-arch", os: "secret-os")
    manifest.merged = ["secret-folder"]
    let study = Study(manifest, Sample.study().results, facts: Sample.facts)
    let path = try Sample.pack(study, into: folder)
    let text = try String(contentsOfFile: path + "/results/run.json", encoding: .utf8)
    #expect(!text.contains("secret") && text.contains("\"cores\" : 0"))
    #expect(try rules(path) == [])
  }

  @Test func numbersOfRulesAreUnique() {
    let ids = EntryRule.all.map(\.id)
    #expect(ids == ids.indices.map { String(format: "S%03d", $0 + 1) })
  }

  @Test func severalDefensesShareTheirResults() throws {
    let path = try Sample.pack(
      Sample.study(), ["krum", "mean"], into: folder, name: "entries")
    var loader = Sample.loader()
    for name in ["krum", "mean"] {
      let check = try loader.check(path + "/" + name)
      #expect(check.errors == [] && check.entry.results == "../sample.results")
    }
    #expect(try loader.check(path + "/mean").entry.paper == "Folklore.")
  }

  @Test func missingAndBrokenFiles() throws {
    var loader = Sample.loader()
    let nowhere = #expect(throws: EntryLoader.Unreadable.self) { try loader.check("/nowhere") }
    #expect(try #require(nowhere).findings.map(\.rule.id) == ["S001"])
    let path = try edited("results/trials.jsonl") { String($0.dropLast(40)) }
    let torn = #expect(throws: EntryLoader.Unreadable.self) { try loader.check(path) }
    #expect(try #require(torn).findings.map(\.rule.id) == ["S002"])
    #expect(try #require(torn).findings[0].message.contains("breaks off"))
  }

  @Test func figuresThatWereEdited() throws {
    // The trials no longer are what run.json has the digest of.
    let path = try edited("results/trials.jsonl") {
      $0.replacing("\"accuracy.stop\":0.7", with: "\"accuracy.stop\":1.7")
    }
    #expect(try Set(rules(path)) == ["S003", "S004"])
  }

  @Test func aDigestThatWasMendedDoesNotHelpAKey() throws {
    let path = try repacked { records in
      records[1].key = String(repeating: "a", count: 64)
    }
    var loader = Sample.loader()
    let findings = try loader.check(path).errors
    #expect(findings.map(\.rule.id) == ["S012"])
    #expect(findings[0].place == "2" && findings[0].message.contains("none/krum, seed 1"))
  }

  @Test func anotherEngineInOneTrial() throws {
    #expect(try rules(repacked { $0[3].engine = 2 }).contains("S005"))
  }

  @Test func anAttackThatWasLeftOut() throws {
    let path = try repacked { records in
      records.removeAll { $0.attack == "alie" && $0.defense == "krum" }
    }
    var loader = Sample.loader()
    let findings = try loader.check(path).errors
    #expect(findings.map(\.rule.id) == ["S007"])
    #expect(findings[0].message == "not run: alie/krum (1 of 3 cells)")
  }

  @Test func failedTrialsAreNoAnswer() throws {
    let path = try repacked { $0[1].status = .error }
    #expect(try rules(path).contains("S007"))
  }

  @Test func seedsThatSomeCellsLack() throws {
    let path = try repacked { records in
      records.removeAll { $0.attack == "flip" && $0.defense == "krum" && $0.seed == 5 }
    }
    #expect(try rules(path) == ["S008"])
  }

  @Test func fewSeedsHaveToBeAdmitted() throws {
    let few = Sample.study(Sample.records.filter { $0.seed < 5 })
    #expect(try rules(Sample.pack(few, into: folder, name: "few")) == ["S009"])
    var words = Sample.words
    words.isPreliminary = true
    #expect(try rules(Sample.pack(few, words: words, into: folder, name: "admitted")) == [])
  }

  @Test func aDefenseTunedPerAttackIsRefused() throws {
    // A matrix that gives each value of an attack's parameter another setting of the defense.
    let combinations = [("1", 2), ("2", 3)].map { z, f in
      Sample.combination(
        defenses: ["krum": Sample.rule("krum", f: f), "mean": Sample.rule("mean")],
        axes: ["attacks.alie.z": z])
    }
    let records = Sample.records.flatMap { record -> [TrialRecordV1] in
      guard record.attack == "alie" else { return [record] }
      return ["1", "2"].map { z in
        var copy = record
        copy.axes = ["attacks.alie.z": z]
        return copy
      }
    }
    let path = try Sample.pack(
      Sample.study(records, resolved: .array(combinations)), into: folder)
    var loader = Sample.loader(plan: { _, _ in throw Sample.Unchanged() })
    let findings = try loader.check(path).errors
    #expect(findings.map(\.rule.id) == ["S010"])
    #expect(findings[0].message.contains("rule.parameters.f was 2, is 3"))
    // The same matrix with one setting is fine.
    let one = ["1", "2"].map { z in
      Sample.combination(
        defenses: ["krum": Sample.rule("krum"), "mean": Sample.rule("mean")],
        axes: ["attacks.alie.z": z])
    }
    let fine = try Sample.pack(
      Sample.study(records, resolved: .array(one)), into: folder, name: "fine")
    #expect(try loader.check(fine).errors == [])
  }

  @Test func aDefenseThatIsSweptIsRefused() throws {
    let axes = ["defenses.krum.f": "2"]
    let path = try repacked(
      { records in
        for index in records.indices where records[index].defense == "krum" {
          records[index].axes = axes
        }
      },
      resolved: .array([
        Sample.combination(
          defenses: ["krum": Sample.rule("krum"), "mean": Sample.rule("mean")], axes: axes)
      ]))
    #expect(try rules(path).contains("S010"))
  }

  @Test func anAttackUnderAnotherIdOfTheRuleIsMissing() throws {
    // krum with f = 2 meets one attack, krum with f = 3 the other: neither met all.
    let resolved: JSONValue = .array([
      Sample.combination(defenses: [
        "krum": Sample.rule("krum"), "krum-3": Sample.rule("krum", f: 3),
        "mean": Sample.rule("mean"),
      ])
    ])
    let records = Sample.records.map { record -> TrialRecordV1 in
      guard record.defense == "krum", record.attack == "alie" else { return record }
      var copy = record
      copy.defense = "krum-3"
      return copy
    }
    let path = try Sample.pack(Sample.study(records, resolved: resolved), into: folder)
    #expect(try rules(path) == ["S007"])
  }

  @Test func statedHashesAndFlagsAreWorkedOutAgain() throws {
    #expect(
      try rules(edited("entry.yaml") { $0.replacing("content: [\"", with: "content: [\"0") })
        == ["S011"])
  }

  @Test func flagsThatWereEdited() throws {
    let path = try edited("entry.yaml") { $0.replacing(", \"oracle-f\"", with: "") }
    var loader = Sample.loader()
    let findings = try loader.check(path).errors
    #expect(findings.map(\.rule.id) == ["S013"])
    #expect(findings[0].message.contains("lacks oracle-f"))
  }

  @Test func aFlagThatSomeTrialsHide() throws {
    let path = try repacked { $0[1].flags = [] }
    #expect(try rules(path) == ["S013"])
    // Without a plan the others tell.
    var loader = Sample.loader(plan: { _, _ in throw Sample.Unchanged() })
    let findings = try loader.check(path).errors
    #expect(findings.map(\.rule.id) == ["S013"])
    #expect(findings[0].message.contains("lacks 'oracle-f', which other trials"))
  }

  @Test func figuresOfTheBoardHaveToBeThere() throws {
    #expect(try rules(repacked { $0[1].parametersSHA256 = nil }) == ["S014"])
  }

  @Test(arguments: ["accuracy.final", "accuracy.stop", "asr.stop"])
  func aFigureThatWasDropped(metric: String) throws {
    let path = try repacked { $0[1].metrics[metric] = nil }
    var loader = Sample.loader()
    let findings = try loader.check(path).errors
    #expect(findings.map(\.rule.id) == ["S014"])
    #expect(findings[0].message.contains("lacks \(metric)"))
  }

  @Test func withoutWindowAndBackdoorTheirFiguresAreNotNeeded() throws {
    func resolved(_ threat: JSONValue) -> JSONValue {
      guard case .array(let list) = Sample.resolved, case .object(var first)? = list.first else {
        return .null
      }
      first["threat"] = threat
      return .array([.object(first)])
    }
    let window: JSONValue = ["start": 2, "stop": 8]
    for (name, threat, metrics) in [
      ("a", ["window": window, "backdoor": nil], ["asr.stop"]),
      (
        "b", ["window": ["start": 2, "stop": 2], "backdoor": ["target": 0]],
        ["asr.stop", "accuracy.stop"]
      ),
    ] as [(String, JSONValue, [String])] {
      let records = Sample.records.map { record in
        var copy = record
        for metric in metrics { copy.metrics[metric] = nil }
        return copy
      }
      let study = Sample.study(records, resolved: resolved(threat))
      var loader = Sample.loader(plan: { _, _ in throw Sample.Unchanged() })
      let path = try Sample.pack(study, into: folder, name: name)
      #expect(try loader.check(path).errors == [])
    }
  }

  @Test func placeholdersAreNoPaper() throws {
    var words = Sample.words
    words.paper = "TODO"
    #expect(try rules(Sample.pack(words: words, into: folder)) == ["S015"])
  }

  @Test(arguments: ["\u{200B}", "\u{200B}\u{2060} \u{FEFF}", "\u{2800}", "\u{3164}", "\u{202E}"])
  func namesThatNobodyCanSee(name: String) throws {
    let path = try Sample.pack(names: ["krum": name], into: folder)
    #expect(try rules(path) == ["S016"])
    var words = Sample.words
    words.submitter = name
    #expect(try rules(Sample.pack(words: words, into: folder, name: "who")) == ["S016"])
  }

  @Test(.timeLimit(.minutes(1))) func aPipeIsNoEntry() throws {
    let path = try Sample.pack(into: folder)
    let file = path + "/entry.yaml"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    try FileManager.default.removeItem(atPath: file)
    #expect(unsafe mkfifo(file, 0o600) == 0)
    // Whoever reads the pipe finds a good entry, so that a program that does so ends, too.
    let writer = Thread {
      for _ in 0..<200 {
        let descriptor = unsafe open(file, O_WRONLY | O_NONBLOCK)
        if descriptor >= 0 {
          let bytes = Array(text.utf8)
          _ = unsafe write(descriptor, bytes, bytes.count)
          close(descriptor)
          return
        }
        Thread.sleep(forTimeInterval: 0.01)
      }
    }
    writer.start()
    var loader = Sample.loader()
    let error = #expect(throws: EntryLoader.Unreadable.self) { try loader.check(path) }
    let findings = try #require(error).findings
    #expect(findings.map(\.rule.id) == ["S001"])
    #expect(findings[0].message.contains("is a pipe, and a regular file is needed"))
  }

  @Test(arguments: ["results", "results/trials.jsonl", "results/run.json", "results/scenario.yaml"])
  func linksDoNotLeadOut(link: String) throws {
    let other = try Sample.pack(into: folder, name: "elsewhere")
    try FileManager.default.createDirectory(
      atPath: folder.path + "/entries", withIntermediateDirectories: false)
    let path = try Sample.pack(into: folder, name: "entries/krum")
    #expect(try rules(path) == [])
    try FileManager.default.removeItem(atPath: path + "/" + link)
    try FileManager.default.createSymbolicLink(
      atPath: path + "/" + link, withDestinationPath: other + "/" + link)
    var loader = Sample.loader()
    let error = #expect(throws: EntryLoader.Unreadable.self) { try loader.check(path) }
    #expect(try #require(error).findings.map(\.rule.id) == ["S002"])
    #expect(try #require(error).findings[0].message.contains("a link out of the folder"))
  }

  @Test func linksBelowTheFolderOfEntriesAreFine() throws {
    let path = try Sample.pack(into: folder, name: "krum")
    try FileManager.default.moveItem(
      atPath: path + "/results", toPath: folder.path + "/common")
    try FileManager.default.createSymbolicLink(
      atPath: path + "/results", withDestinationPath: "../common")
    #expect(try rules(path) == [])
    #expect(try rules(path + "/") == [])
  }

  @Test func longNamesAndOtherAddresses() throws {
    var words = Sample.words
    words.links = ["javascript:alert(1)", "https://example.org/a\"b", "https://example.org/a"]
    let path = try Sample.pack(
      words: words, names: ["krum": String(repeating: "x", count: 61)], into: folder)
    var loader = Sample.loader()
    let findings = try loader.check(path).errors
    #expect(findings.map(\.rule.id) == ["S016", "S016", "S016"])
    #expect(findings.map(\.place) == ["/name", "/links/0", "/links/1"])
  }

  @Test func runsThatDidNotEndAndFilesThatWereAltered() throws {
    var manifest = Sample.manifest(Sample.resolved)
    manifest.finished = nil
    manifest.altered = ["trials.jsonl"]
    let study = Sample.study()
    let changed = Study(manifest, study.results, facts: Sample.facts)
    #expect(try Set(rules(Sample.pack(changed, into: folder))) == ["S004", "S017"])
  }

  @Test func withoutAScenarioItStaysSelfReported() throws {
    let path = try Sample.pack(scenario: nil, into: folder)
    var loader = Sample.loader()
    let check = try loader.check(path)
    #expect(check.errors == [] && check.status == .selfReported)
    #expect(check.findings.map(\.rule.id) == ["S012"])
  }

  @Test func whatAnEntrySaysOfItselfIsIgnored() throws {
    let path = try edited("entry.yaml") { $0 + "recomputed: [{agreed: 9}]\n" }
    var loader = Sample.loader()
    let check = try loader.check(path)
    #expect(check.errors == [] && check.status == .checked)
    #expect(check.findings.map(\.rule.id) == ["S022"])
  }

  @Test func aLinkIsNoEntry() throws {
    let path = try Sample.pack(into: folder)
    let file = path + "/entry.yaml"
    try FileManager.default.moveItem(atPath: file, toPath: path + "/real.yaml")
    try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: "real.yaml")
    var loader = Sample.loader()
    let error = #expect(throws: EntryLoader.Unreadable.self) { try loader.check(path) }
    #expect(try #require(error).findings.map(\.rule.id) == ["S001"])
    #expect(try #require(error).findings[0].message.hasPrefix("is a link"))
  }

  /// Each flag in all trials or in none, so that they agree with each other, and not with the plan.
  @Test(
    arguments: [
      ([], ["oracle-f"], "has 'oracle-f', which by the scenario it has not"),
      (["oracle-f", "stateful"], ["oracle-f"], "lacks 'stateful', which by the scenario it has"),
      (["oracle-f"], ["oracle-f", "uses-server-data"], "has 'uses-server-data'"),
      (["oracle-f"], ["oracle-f"], nil),
    ] as [(Set<String>, [String], String?)])
  func flagsOfTheDefenseAreThoseOfTheScenario(
    planned: Set<String>, recorded: [String], message: String?
  ) throws {
    let path = try repacked { records in
      for index in records.indices where records[index].defense == "krum" {
        records[index].flags = recorded
      }
    }
    var loader = Sample.loader(standing: planned)
    let findings = try loader.check(path).errors
    #expect(Set(findings.map(\.rule.id)) == (message == nil ? [] : ["S013"]))
    if let message { #expect(findings[0].message.contains(message), "\(findings)") }
  }

  @Test func resultsOfAnotherEngineAreToldOf() throws {
    var loader = Sample.loader(engine: 4)
    let check = try loader.check(Sample.pack(into: folder))
    #expect(check.errors == [] && check.findings.map(\.rule.id) == ["S019"])
  }
}
