import Results
import Studies
import Testing

@Suite struct WorstCaseTests {
  private let tiers = ["flip": "data-only", "scale": "omniscient", "none": "data-only"]

  @Test func namesTheWorstAttackAndNeverAverages() throws {
    let study = Sample.study(
      Sample.trials("none", "mean", accuracy: [0.9, 0.92], success: [0.01, 0.03])
        + Sample.trials("flip", "mean", accuracy: [0.7, 0.8], success: [0.5, 0.7])
        + Sample.trials("scale", "mean", accuracy: [0.6, 0.84], success: [0.2, 0.2]))
    let worst = try #require(study.worstCases().first)
    #expect(study.worstCases().count == 1)
    #expect(worst.tier == nil && worst.defense == "mean")
    #expect(worst.accuracy?.attack == "scale")
    #expect(try abs(#require(worst.accuracy?.summary.mean) - 0.72) < 1e-12)
    #expect(worst.success?.attack == "flip")
    #expect(try abs(#require(worst.success?.summary.mean) - 0.6) < 1e-12)
    #expect(try abs(#require(worst.clean?.mean) - 0.91) < 1e-12)
    #expect(worst.attacks == ["flip", "scale"] && worst.missing.isEmpty)
    #expect(worst.accuracyMetric == "accuracy.stop")
  }

  @Test func tiersTakeInTheWeakerOnes() {
    let study = Sample.study(
      Sample.trials("none", "mean", accuracy: [0.9])
        + Sample.trials("flip", "mean", accuracy: [0.4])
        + Sample.trials("scale", "mean", accuracy: [0.7])
        + Sample.trials("unheard-of", "mean", accuracy: [0.1]),
      facts: Sample.facts(tiers))
    let worst = study.worstCases()
    // No attack is of the middle tier, so it is left out.
    #expect(worst.map(\.tier) == ["data-only", "omniscient", nil])
    #expect(worst.map { $0.accuracy?.attack } == ["flip", "flip", "unheard-of"])
    #expect(
      worst.map(\.attacks) == [["flip"], ["flip", "scale"], ["flip", "scale", "unheard-of"]])
  }

  @Test func voidCellsAreNoSuccessButCountForAccuracy() {
    let dead = ["accuracy.chance": 0.1]
    let study = Sample.study(
      [
        Sample.trial("flip", "mean", accuracy: 0.8, success: 0.3, metrics: dead),
        Sample.trial("scale", "mean", accuracy: 0.11, success: 1, metrics: dead),
      ])
    let worst = study.worstCases()[0]
    #expect(worst.success?.attack == "flip")
    #expect(worst.accuracy?.attack == "scale")
    #expect(worst.void == ["scale"] && worst.missing.isEmpty)
    #expect(worst.clean == nil)
  }

  @Test func withoutANumberAnAttackIsNamedWithTheReason() {
    let study = Sample.study(
      Sample.trials("none", "krum", accuracy: [0.9])
        + Sample.trials("none", "mean", accuracy: [0.9])
        + Sample.trials("flip", "krum", accuracy: [0.5])
        + Sample.trials("a", "mean", accuracy: [0.5]) + Sample.trials("d", "mean", accuracy: [0.5])
        + [
          Sample.trial("b", "krum", status: .notApplicable, message: "needs n >= 2f + 3"),
          Sample.trial("c", "krum", status: .error, message: "the disk went away"),
          Sample.trial("d", "krum", status: .timeout),
          Sample.trial(
            "e", "krum", metrics: ["accuracy.stop": nil],
            absent: ["accuracy.stop": "nobody looked"]),
        ])
    let worst = study.worstCases().first { $0.defense == "krum" }
    #expect(worst?.attacks == ["flip"])
    let gaps = worst?.gaps ?? []
    let reasons = Dictionary(uniqueKeysWithValues: gaps.map { ($0.attack, $0.reason) })
    #expect(
      reasons == [
        "a": "not run", "b": "needs n >= 2f + 3", "c": "failed: the disk went away",
        "d": "timed out", "e": "nobody looked",
      ])
    #expect(worst?.missing.sorted() == reasons.keys.sorted())
  }

  @Test func eachSettingOfAnAttackIsAVariantOfIt() {
    let study = Sample.study(
      Sample.trials("none", "mean", accuracy: [0.9])
        + Sample.trials("pgd", "mean", axes: ["attacks.pgd.radius": "0.1"], accuracy: [0.8])
        + Sample.trials("pgd", "mean", axes: ["attacks.pgd.radius": "2"], accuracy: [0.3])
        + [
          Sample.trial("pgd", "mean", axes: ["attacks.pgd.radius": "9"], status: .error)
        ])
    let worst = study.worstCases()
    #expect(worst.count == 1)
    #expect(worst[0].accuracy?.cell.axes == ["attacks.pgd.radius": "2"])
    #expect(worst[0].axes.isEmpty && worst[0].clean?.mean == 0.9)
    #expect(worst[0].attacks == ["pgd"] && worst[0].missing.isEmpty)
    #expect(worst[0].gaps.map(\.cell.axes) == [["attacks.pgd.radius": "9"]])
  }

  @Test func combinationsAndSettingsOfADefenseAreColumnsOfTheirOwn() {
    var records: [TrialRecordV1] = []
    for share in ["0.1", "0.2"] {
      let axes = ["threat.malicious": share]
      records += Sample.trials("none", "mean", axes: axes, accuracy: [0.9])
      records += Sample.trials("flip", "mean", axes: axes, accuracy: [share == "0.1" ? 0.8 : 0.6])
      for bound in ["1", "10"] {
        let own = axes.merging(["defenses.bound.bound": bound]) { $1 }
        records += Sample.trials("none", "bound", axes: own, accuracy: [0.85])
        records += Sample.trials(
          "flip", "bound", axes: own, accuracy: [bound == "1" ? 0.7 : 0.5])
      }
    }
    let worst = Sample.study(records).worstCases()
    #expect(worst.map(\.defense) == ["mean", "mean", "bound", "bound", "bound", "bound"])
    #expect(worst.map { $0.accuracy?.summary.mean } == [0.8, 0.6, 0.7, 0.7, 0.5, 0.5])
    #expect(worst.map { $0.clean?.mean } == [0.9, 0.9, 0.85, 0.85, 0.85, 0.85])
    #expect(worst.allSatisfy { $0.missing.isEmpty })
  }

  /// `scale` is there with one data set, and there it lacks a number under krum.
  @Test func anAttackThatTheStudyNeverCombinesWithTheAxesIsNotMissing() {
    func axes(_ dataset: String) -> [String: String] { ["task.dataset": dataset] }
    let study = Sample.study(
      ["digits", "idx"].flatMap { dataset in
        ["mean", "krum"].flatMap {
          Sample.trials("flip", $0, axes: axes(dataset), accuracy: [0.5])
        }
      } + Sample.trials("scale", "mean", axes: axes("idx"), accuracy: [0.2]))
    for worst in study.worstCases() {
      let isMissing = worst.defense == "krum" && worst.axes == axes("idx")
      #expect(worst.missing == (isMissing ? ["scale"] : []))
      #expect(worst.gaps.map(\.attack) == worst.missing)
      #expect(
        worst.attacks
          == (worst.defense == "mean" && worst.axes == axes("idx") ? ["flip", "scale"] : ["flip"]))
    }
    #expect(study.worstCases().count == 4)
  }

  @Test func withoutAWindowTheLastRoundCounts() {
    func trial(_ attack: String, _ final: Double) -> TrialRecordV1 {
      Sample.trial(
        attack, "mean", metrics: ["accuracy.stop": nil, "accuracy.final": final],
        absent: ["accuracy.stop": "the attack window is empty"])
    }
    let worst = Sample.study([trial("none", 0.9), trial("flip", 0.7)]).worstCases()
    #expect(worst[0].accuracyMetric == "accuracy.final")
    #expect(worst[0].accuracy?.summary.mean == 0.7 && worst[0].clean?.mean == 0.9)
    #expect(worst[0].success == nil && worst[0].gaps.isEmpty)
  }

  @Test func ofEqualAttacksTheFirstCountsAndWithoutAttacksThereIsNone() {
    let equal = Sample.study(
      Sample.trials("b", "mean", accuracy: [0.5], success: [0.5])
        + Sample.trials("a", "mean", accuracy: [0.5], success: [0.5]))
    #expect(equal.worstCases()[0].accuracy?.attack == "b")
    #expect(equal.worstCases()[0].success?.attack == "b")
    #expect(Sample.study(Sample.trials("none", "mean", accuracy: [0.5])).worstCases().isEmpty)
    #expect(Sample.study([]).worstCases().isEmpty)
  }

  @Test func impliedTrialsAreLikeAnyOther() {
    let worst = Sample.study(
      [
        Sample.trial("none", "mean", accuracy: 0.9, isImplied: true),
        Sample.trial("flip", "mean", accuracy: 0.2, isImplied: true),
        Sample.trial("scale", "mean", accuracy: 0.6),
      ]
    ).worstCases()[0]
    #expect(worst.accuracy?.attack == "flip" && worst.clean?.mean == 0.9)
  }
}
