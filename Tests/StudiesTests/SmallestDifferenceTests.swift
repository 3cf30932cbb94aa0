import Results
import Studies
import Testing

@Suite struct SmallestDifferenceTests {
  private let a = [0.90, 0.80, 0.85, 0.70]
  private let b = [0.60, 0.75, 0.72, 0.71]
  private let c = [0.60, 0.75, 0.72, 0.81]

  /// Numbers of `Tests/Reference/study_differences.py`.
  @Test func agreesWithTheReference() throws {
    let study = Sample.study(
      Sample.trials("none", "a", accuracy: [0, 1, 0, 1])
        + Sample.trials("none", "b", accuracy: [1, 0, 1, 0])
        + Sample.trials("x", "a", accuracy: a) + Sample.trials("x", "b", accuracy: b)
        + Sample.trials("x", "c", accuracy: c))
    let found = try study.smallestDifference(in: "accuracy.stop").get()
    #expect(found.pairCount == 3 && found.skippedCount == 0 && found.constantCount == 0)
    #expect(found.seeds == 4...4)
    #expect(abs(found.half.median - 0.21402789391385527) < 1e-9)
    #expect(abs(found.half.largest - 0.27140346665018633) < 1e-9)
    #expect(abs(found.visible.median - 0.2798327333923547) < 1e-9)
    #expect(abs(found.visible.largest - 0.35484895233072183) < 1e-9)
    #expect(found.blindest.first.defense == "a" && found.blindest.second.defense == "c")
  }

  @Test func onlyCommonSeedsCount() throws {
    func shifted(_ defense: String, _ seeds: [Int], _ value: Double) -> [TrialRecordV1] {
      seeds.map { Sample.trial("x", defense, seed: $0, accuracy: value + Double($0 * $0) / 100) }
    }
    let study = Sample.study(
      shifted("a", [1, 2, 3], 0.5) + shifted("b", [2, 3, 4], 0.3) + shifted("c", [3, 9], 0.1)
        + Sample.trials("y", "a", accuracy: [0.5, 0.6, 0.7])
        + Sample.trials("y", "b", accuracy: [0.6, 0.5, 0.6]))
    let found = try study.smallestDifference(in: "accuracy.stop").get()
    // a and b differ by 0.2 in seeds 2 and 3 under x; c has one seed in common with either.
    #expect(found.pairCount == 1 && found.skippedCount == 2 && found.constantCount == 1)
    #expect(found.seeds == 3...3)
    #expect(found.blindest.first.attack == "y")
    #expect(found.half.median == found.half.largest && found.half.median > 0)
    #expect(found.visible.median > 0)
  }

  @Test func equalDefensesDoNotMakeAStudySharp() throws {
    let equal = ["v", "w"].flatMap { attack in
      ["a", "b"].flatMap { Sample.trials(attack, $0, accuracy: [0.5, 0.6]) }
    }
    let varied = Sample.study(
      equal + Sample.trials("x", "a", accuracy: a) + Sample.trials("x", "b", accuracy: b))
    let found = try varied.smallestDifference(in: "accuracy.stop").get()
    #expect(found.pairCount == 1 && found.constantCount == 2 && found.visible.median > 0.2)
    #expect(
      reason(equal) == "no difference varies between seeds: 2 pairs without spread")
  }

  @Test func voidCellsAndSettingsOfDefenses() throws {
    let dead: [String: Double?] = ["accuracy.chance": 0.1, "asr.excess": 0.2]
    let records = [1, 2].flatMap { seed in
      [
        Sample.trial("x", "a", seed: seed, accuracy: 0.1, success: 1, metrics: dead),
        Sample.trial("x", "b", seed: seed, accuracy: 0.9, success: 0.5, metrics: dead),
        Sample.trial(
          "x", "bound", seed: seed, axes: ["defenses.bound.bound": "1"], accuracy: 0.9,
          success: 0.2 * Double(seed), metrics: dead),
        Sample.trial(
          "x", "bound", seed: seed, axes: ["defenses.bound.bound": "2"], accuracy: 0.9,
          success: 0.3 * Double(seed), metrics: dead),
      ]
    }
    let study = Sample.study(records)
    let success = try study.smallestDifference(in: "asr.stop").get()
    #expect(success.pairCount == 3)
    #expect(success.blindest.second.axes == ["defenses.bound.bound": "2"])
    #expect(reason(records) == "no difference varies between seeds: 6 pairs without spread")
  }

  @Test func withoutTwoCommonSeedsThereIsNone() {
    #expect(reason([]) == "the study has no attack")
    let single = Sample.trials("x", "a", accuracy: [0.5])
    #expect(reason(single) == "no two defenses have a mean of accuracy.stop under one attack")
    #expect(
      reason(single + Sample.trials("x", "b", accuracy: [0.6]))
        == "no two defenses have two seeds in common: 1 pair with fewer than two common seeds")
    #expect(
      reason(Sample.trials("none", "a", accuracy: a) + Sample.trials("none", "b", accuracy: b))
        == "the study has no attack")
  }

  private func reason(_ records: [TrialRecordV1]) -> String? {
    switch Sample.study(records).smallestDifference(in: "accuracy.stop") {
    case .success: nil
    case .failure(let unseen): unseen.reason
    }
  }
}
