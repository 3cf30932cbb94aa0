import Results
import Testing

@testable import Gating

@Suite struct ReliabilityTests {
  /// One trial per accuracy at the end of the window; chance is 0.1, so that 0.2 is near it.
  private static func trials(
    _ cell: String, _ accuracies: [Double], chance: Double? = 0.1, _ more: [String: Double?] = [:],
    axes: [String: String] = [:], flags: [Int: [String]] = [:], resolved: [String: Double] = [:]
  ) -> [TrialRecordV1] {
    accuracies.enumerated().map { index, accuracy in
      var metrics = more
      metrics["accuracy.stop"] = accuracy
      metrics["accuracy.final"] = metrics["accuracy.final"] ?? .some(accuracy)
      if let chance { metrics["accuracy.chance"] = chance }
      var record = Sample.record(cell, seed: index + 1, metrics, axes: axes)
      record.flags = flags[index] ?? []
      record.resolved = resolved
      return record
    }
  }

  private static func flag(
    _ id: String, _ cell: String, _ records: [TrialRecordV1], axes: [String: String] = [:]
  ) -> CellFlag? {
    let parts = cell.split(separator: "/").map(String.init)
    return Reliability(records)
      .flags(of: CellID(attack: parts[0], defense: parts[1], axes: axes)).first { $0.id == id }
  }

  struct Seeds: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var accuracies: [Double]
    var isDead: Bool
  }

  static let collapses: [Seeds] = [
    .init(testDescription: "one seed at the limit", accuracies: [0.2], isDead: true),
    .init(testDescription: "one seed above it", accuracies: [0.21], isDead: false),
    .init(testDescription: "all seeds", accuracies: [0.1, 0.11, 0.09, 0.1, 0.2], isDead: true),
    .init(testDescription: "1 of 5", accuracies: [0.1, 0.9, 0.9, 0.9, 0.9], isDead: false),
    .init(testDescription: "1 of 3", accuracies: [0.1, 0.9, 0.9], isDead: false),
    .init(testDescription: "1 of 2", accuracies: [0.1, 0.9], isDead: false),
    .init(testDescription: "4 of 5", accuracies: [0.1, 0.1, 0.1, 0.1, 0.9], isDead: true),
    .init(testDescription: "in the mean", accuracies: [0.21, 0.21, 0.1], isDead: true),
  ]

  @Test(arguments: collapses) func theSeedsOfACellDecideTogether(seeds: Seeds) {
    let attacked = Self.trials("flip/krum", seeds.accuracies)
    #expect((Self.flag("collapsed", "flip/krum", attacked)?.isRaised ?? false) == seeds.isDead)
    // The same rule without an attack, for the whole column.
    let clean = Self.trials("none/krum", seeds.accuracies)
    let column = clean + Self.trials("flip/krum", [0.5, 0.5])
    for cell in ["none/krum", "flip/krum"] {
      let flag = Self.flag("utility-collapse", cell, column)
      #expect((flag?.isRaised ?? false) == seeds.isDead)
    }
    #expect(Self.flag("collapsed", "none/krum", clean) == nil)
  }

  @Test func whatSomeSeedsHaveIsToldAndNoFlag() throws {
    let records = Self.trials(
      "flip/krum", [0.1, 0.9, 0.9, 0.9, 0.9], flags: [0: ["diverged"]])
    let diverged = try #require(Self.flag("diverged", "flip/krum", records))
    #expect(diverged == CellFlag("diverged", share: "in 1 of 5 seeds", isRaised: false))
    let collapsed = try #require(Self.flag("collapsed", "flip/krum", records))
    #expect(!collapsed.isRaised && collapsed.share == "in 1 of 5 seeds")
    let most = Self.trials(
      "flip/krum", [0.9, 0.9, 0.9], flags: [0: ["diverged"], 2: ["diverged"]])
    #expect(Self.flag("diverged", "flip/krum", most)?.isRaised == true)
  }

  @Test func moreSeedsOfTheSameKindChangeNothing() {
    // As label flipping under the mean: two seeds in five below the threshold, the mean above it.
    let drops = [0.01, 0.015, 0.03, 0.04, 0.05]
    for copies in 1...4 {
      let records = (0..<copies).flatMap { copy in
        drops.enumerated().map { index, drop in
          Sample.record(
            "label-flip/mean", seed: copy * 5 + index, ["accuracy.drop": drop, "asr.excess": 0.001])
        }
      }
      #expect(Self.flag("attack-ineffective", "label-flip/mean", records) == nil)
    }
  }

  @Test func anAttackThatHardlyHurtsThePlainMean() throws {
    func flag(_ metrics: [String: [Double?]]) -> CellFlag? {
      Self.flag(
        "attack-ineffective", "a/krum",
        Sample.trials("a/mean", metrics) + Sample.trials("a/krum", ["accuracy.drop": [0.5]]))
    }
    #expect(flag(["accuracy.drop": [0.01, 0.02, 0.01]])?.isRaised == true)
    // 0.9 - 0.88 misses 0.02 by rounding.
    #expect(flag(["accuracy.drop": [0.9 - 0.88]]) == nil)
    #expect(flag(["accuracy.drop": [0], "asr.excess": [0.05]]) == nil)
    #expect(flag(["accuracy.drop": [0], "asr.excess": [0.049]])?.isRaised == true)
    #expect(flag(["accuracy.drop": [0], "accuracy.drop.source-class": [0.1]]) == nil)
    #expect(flag(["asr": [0]]) == nil, "nothing tells")
    let told = try #require(flag(["accuracy.drop": [0, 0.03, 0]]))
    #expect(told.detail.contains("0.010 [") && told.detail.contains("not certain"))
    // Neither the clean run nor an attack without the plain mean.
    let clean = Sample.trials("none/mean", ["accuracy.drop": [0, 0]])
    #expect(Self.flag("attack-ineffective", "none/mean", clean) == nil)
    let alone = Sample.trials("a/krum", ["accuracy.drop": [0, 0]])
    #expect(Self.flag("attack-ineffective", "a/krum", alone) == nil)
    var idle = Sample.trials("a/mean", ["accuracy.drop": [nil]])
    idle[0].absent["accuracy.drop"] = "the attack window is empty"
    #expect(Self.flag("attack-ineffective", "a/mean", idle)?.isRaised == true)
  }

  @Test func fewSeedsAreCountedWhereTheyAreShown() {
    let records = Self.trials("a/d", [0.9, 0.9, 0.9, 0.9, 0.9])
    #expect(Self.flag("few-seeds", "a/d", records) == nil)
    #expect(Self.flag("few-seeds", "a/d", Array(records.dropLast()))?.detail == "4 seeds")
  }

  @Test func theLargestClassShareIsTheMeasure() {
    // Seven in ten examples are of one class: 0.75 is no better than always saying it.
    let uneven = Self.trials("a/d", [0.75, 0.75, 0.75], chance: 0.7)
    #expect(Self.flag("collapsed", "a/d", uneven)?.isRaised == true)
    #expect(Self.flag("collapsed", "a/d", Self.trials("a/d", [0.75], chance: 0.5)) == nil)
    // Lines of before say how many classes there are, or nothing.
    let classes = ["accuracy.class.0": 0.5, "accuracy.class.1": 0.5] as [String: Double?]
    let old = Self.trials("a/d", [0.6], chance: nil, classes)
    #expect(Self.flag("collapsed", "a/d", old)?.isRaised == true)
    #expect(Self.flag("collapsed", "a/d", Self.trials("a/d", [0.01], chance: nil)) == nil)
  }

  @Test func whoRehearsedTheDefenseWasAdaptive() {
    let records =
      Self.trials("opt-ipm/krum", [0.5], resolved: ["rehearsed": 3])
      + Self.trials("opt-ipm/fltrust", [0.5], resolved: ["rehearsed": 0])
      + Self.trials("flip/krum", [0.5]) + Self.trials("flip/median", [0.5])
      + Self.trials("flip/krum", [0.5], axes: ["rounds": "9"])
    #expect(Self.flag("not-adaptive", "flip/krum", records) == nil)
    #expect(Self.flag("not-adaptive", "opt-ipm/krum", records) == nil)
    #expect(Self.flag("not-adaptive", "flip/median", records) != nil)
    #expect(Self.flag("not-adaptive", "opt-ipm/fltrust", records) != nil)
    #expect(Self.flag("not-adaptive", "flip/krum", records, axes: ["rounds": "9"]) != nil)
  }

  @Test func whatTheDefenseWasTold() {
    func detail(_ resolved: [String: Double]) -> String? {
      Self.flag(
        "oracle-f", "a/d", Self.trials("a/d", [0.9], flags: [0: ["oracle-f"]], resolved: resolved)
      )?.detail
    }
    #expect(detail(["f": 4, "attackers": 4, "participants": 20]) == "told f = 4, the true number")
    #expect(
      detail(["f": 2, "attackers": 8, "participants": 5])
        == "told f = 2 of 5 who take part in a round: 8 clients in all are malicious")
    #expect(detail([:]) == "")
  }

  @Test func moreAttackersThanTheDefenseWasTold() throws {
    func records(_ counts: [Double?], _ cell: String = "a/d") -> [TrialRecordV1] {
      Sample.trials(
        cell, ["threat.f-exceeded": counts, "threat.malicious-majority": counts])
    }
    let flag = try #require(Self.flag("f-exceeded", "a/d", records([4, 5, 0])))
    #expect(
      flag
        == CellFlag(
          "f-exceeded", detail: "in 3.000 rounds in the mean", share: "in 2 of 3 seeds"))
    #expect(Self.flag("malicious-majority", "a/d", records([4, 5, 0]))?.isRaised == true)
    #expect(Self.flag("f-exceeded", "a/d", records([4, 0, 0]))?.isRaised == false)
    #expect(Self.flag("f-exceeded", "a/d", records([0, 0, 0])) == nil)
    #expect(Self.flag("f-exceeded", "a/d", records([nil, nil])) == nil, "it is told no f")
    // Nobody attacks there.
    #expect(Self.flag("f-exceeded", "none/d", records([4, 5, 6], "none/d")) == nil)
  }

  @Test func tablesOfAllTrialsDoNotDependOnTheirOrder() {
    var records =
      Self.trials("none/d", [0.9, 0.9]) + Self.trials("a/d", [0.1, 0.1])
      + [Sample.record("a/d", seed: 3, status: .error)]
    // As a version of before stored it.
    records[2].flags = ["few-seeds", "not-adaptive", "oracle-f", "utility-collapse"]
    let results = Sample.results(records)
    let flagged = Reliability.flagged(results)
    #expect(flagged.map(\.seed) == records.map(\.seed))
    #expect(flagged[2].flags == ["collapsed", "few-seeds", "not-adaptive", "oracle-f"])
    #expect(flagged[3].flags == ["collapsed", "few-seeds", "not-adaptive"])
    #expect(flagged[4].flags == [])
    let turned = Reliability.flagged(Sample.results(records.reversed()))
    #expect(Array(turned.reversed()) == flagged)
    #expect(Reliability.flagged(Sample.results(flagged)) == flagged)
  }

  @Test func referencesHaveTheirIDsFromTheScenario() {
    let resolved: JSONValue = [
      [
        "axes": [:],
        "attacks": [
          ["id": "quiet", "use": ["id": "none", "parameters": [:]]],
          ["id": "flip", "use": ["id": "sign-flip"]],
        ],
        "defenses": [
          ["id": "plain", "use": ["rule": ["id": "mean", "parameters": [:]], "stages": []]]
        ],
      ]
    ]
    let references = ReferenceIDs(Sample.results([], resolved: resolved))
    #expect(references.clean == ["none", "quiet"])
    #expect(references.undefended == ["mean", "plain"])
  }

  @Test func anAxisOfOneAttackHasTheReferencesWithoutIt() {
    let records =
      Self.trials("none/krum", [0.1, 0.1])
      + Self.trials("flip/krum", [0.5, 0.5], axes: ["attacks.flip.scale": "4"])
      + Sample.trials(
        "flip/mean", ["accuracy.drop": [0, 0]], axes: ["attacks.flip.scale": "4"])
    let axes = ["attacks.flip.scale": "4"]
    #expect(Self.flag("utility-collapse", "flip/krum", records, axes: axes)?.isRaised == true)
    #expect(Self.flag("attack-ineffective", "flip/krum", records, axes: axes)?.isRaised == true)
  }
}
