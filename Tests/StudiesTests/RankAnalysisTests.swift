import Results
import Studies
import Testing

@Suite struct RankAnalysisTests {
  /// Three defenses under five attacks; ranks by hand: a (1, 1, 1, 1.5, 1), b (2, 2, 3, 1.5, 2),
  /// c (3, 3, 2, 3, 3).
  private let accuracies: [(String, [String: Double])] = [
    ("v", ["a": 0.9, "b": 0.8, "c": 0.7]), ("w", ["a": 0.6, "b": 0.5, "c": 0.4]),
    ("x", ["a": 0.9, "b": 0.1, "c": 0.2]), ("y", ["a": 0.5, "b": 0.5, "c": 0.4]),
    ("z", ["a": 0.5, "b": 0.4, "c": 0.3]),
  ]

  private func records() -> [TrialRecordV1] {
    ["a", "b", "c"].flatMap { Sample.trials("none", $0, accuracy: [$0 == "c" ? 1 : 0.5]) }
      + accuracies.flatMap { attack, values in
        values.sorted { $0.key < $1.key }.flatMap {
          Sample.trials(attack, $0.key, accuracy: [$0.value - 0.1, $0.value + 0.1])
        }
      }
  }

  @Test func ranksMeansOverSeedsWithinEachAttack() throws {
    let ranks = try Sample.study(records()).ranks().get()
    #expect(ranks.places.map(\.defense) == ["a", "b", "c"])
    #expect(ranks.places.map(\.meanRank) == [1.1, 2.1, 2.8])
    #expect(ranks.blockCount == 5 && ranks.incompleteCount == 0 && ranks.withoutValues.isEmpty)
    // scipy.stats.friedmanchisquare of the table, F = 4 chi / (10 - chi), scipy.stats.f.sf(F, 2, 8).
    #expect(abs(ranks.chiSquare - 7.684210526315789) < 1e-9)
    #expect(abs(ranks.f - 13.272727272727261) < 1e-9)
    #expect(abs(ranks.pValue - 0.0028760491401999813) < 1e-9)
    // 2.343701 x sqrt(3 x 4 / 30).
    #expect(abs(try #require(ranks.criticalDifference) - 1.482286) < 1e-5)
    #expect(ranks.cliques == [0...1, 1...2])
    #expect(ranks.degrees == (2, 8))
  }

  @Test func lessIsBetterWhereTheMetricSaysSo() throws {
    let study = Sample.study(records())
    let ranks = try study.ranks(better: .lower).get()
    #expect(ranks.places.map(\.defense) == ["c", "b", "a"])
    #expect(ranks.places.map(\.meanRank) == [1.2, 1.9, 2.9])
    guard case .failure(let problem) = study.ranks(by: "stealth.norm-ratio") else {
      Issue.record("a metric that does not judge was ranked")
      return
    }
    #expect(problem.reason == "stealth.norm-ratio describes and does not judge")
  }

  @Test func incompleteBlocksAreLeftOutAndCounted() throws {
    let more = [
      Sample.trial("z2", "a", accuracy: 0.1), Sample.trial("z2", "b", accuracy: 0.9),
      Sample.trial("z2", "c", status: .error),
      Sample.trial("v", "d", status: .notApplicable, message: "too few clients"),
    ]
    let ranks = try Sample.study(records() + more).ranks().get()
    #expect(ranks.blockCount == 5 && ranks.incompleteCount == 1)
    #expect(ranks.withoutValues == ["d"])
    #expect(ranks.places.map(\.meanRank) == [1.1, 2.1, 2.8])
  }

  @Test func roundingIsNoRank() throws {
    let study = Sample.study(
      ["x", "y"].flatMap {
        Sample.trials($0, "a", accuracy: [0.1, 0.2, 0.3])
          + Sample.trials($0, "b", accuracy: [0.3, 0.2, 0.1])
      })
    let ranks = try study.ranks().get()
    #expect(ranks.places.map(\.meanRank) == [1.5, 1.5] && ranks.pValue == 1)
    #expect(ranks.criticalDifference == nil && ranks.cliques == [0...1])
  }

  @Test func axesOfDefensesAreTreatmentsAndOthersAreBlocks() throws {
    var records: [TrialRecordV1] = []
    for share in ["0.1", "0.2"] {
      let axes = ["threat.malicious": share]
      for radius in ["1", "2"] {
        let attacked = axes.merging(["attacks.pgd.radius": radius]) { $1 }
        records += Sample.trials("pgd", "mean", axes: attacked, accuracy: [0.5])
        for bound in ["10", "9"] {
          records += Sample.trials(
            "pgd", "bound", axes: attacked.merging(["defenses.bound.bound": bound]) { $1 },
            accuracy: [bound == "9" ? 0.8 : 0.6])
        }
      }
    }
    let ranks = try Sample.study(records).ranks().get()
    #expect(ranks.blockCount == 4)
    #expect(ranks.places.map { $0.axes["defenses.bound.bound"] } == ["9", "10", nil])
    #expect(ranks.places.map(\.meanRank) == [1, 2, 3])
    #expect(ranks.f == .infinity && ranks.pValue == 0)
    // 2.343701 x sqrt(3 x 4 / 24).
    #expect(abs(try #require(ranks.criticalDifference) - 1.657247) < 1e-5)
  }

  @Test func noCliqueLiesWithinAnother() throws {
    let records = ["v", "w", "x", "y", "z"].flatMap { attack in
      ["a", "b", "c", "d"].enumerated().flatMap { place, defense in
        Sample.trials(attack, defense, accuracy: [0.9 - 0.1 * Double(place)])
      }
    }
    let ranks = try Sample.study(records).ranks().get()
    #expect(ranks.places.map(\.meanRank) == [1, 2, 3, 4])
    // 2.569032 x sqrt(4 x 5 / 30).
    #expect(abs(try #require(ranks.criticalDifference) - 2.097606) < 1e-5)
    #expect(ranks.cliques == [0...2, 1...3])
  }

  @Test func tooLittleIsAReason() {
    func reason(_ records: [TrialRecordV1]) -> String? {
      guard case .failure(let problem) = Sample.study(records).ranks() else { return nil }
      return problem.reason
    }
    #expect(reason([]) == "ranks need two defenses, and no defense has a mean under an attack")
    #expect(
      reason(Sample.trials("v", "a", accuracy: [1]))
        == "ranks need two defenses, and one defense has a mean under an attack")
    #expect(
      reason(
        Sample.trials("v", "a", accuracy: [1]) + Sample.trials("v", "b", accuracy: [1])
          + Sample.trials("w", "b", accuracy: [1]))
        == "a test needs two attacks or combinations under which every defense has a mean, and only"
        + " one of 2 has")
  }
}
