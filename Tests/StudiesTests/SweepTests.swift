import Results
import Studies
import Testing

@Suite struct SweepTests {
  /// Accuracy falls with the number of attackers, under one attack sooner than under the other.
  private func attackers(_ key: String = "threat.malicious") -> [TrialRecordV1] {
    ["0.2", "0.1", "0.05"].flatMap { share in
      let level = Double(share) ?? 0
      return ["mean", "krum"].flatMap { defense in
        Sample.trials("none", defense, axes: [key: share], accuracy: [0.9], success: [0])
          + Sample.trials(
            "flip", defense, axes: [key: share], accuracy: [0.8 - level], success: [level])
          + Sample.trials(
            "scale", defense, axes: [key: share], accuracy: [0.9 - 3 * level], success: [0.1])
      }
    }
  }

  @Test func curvesOfAttackersHaveTheWorstCase() throws {
    let sweeps = Sample.study(attackers()).sweeps()
    let sweep = try #require(sweeps.first)
    #expect(sweeps.count == 1)
    #expect(sweep.axis == "threat.malicious" && sweep.name == "malicious")
    #expect(sweep.role == .attackers && sweep.better == .higher)
    #expect(sweep.values == ["0.05", "0.1", "0.2"] && sweep.numbers == [0.05, 0.1, 0.2])
    #expect(
      sweep.panels.map(\.subject) == [
        .worstCase, .attack("none"), .attack("flip"), .attack("scale"),
      ])
    let worst = sweep.panels[0]
    #expect(worst.lines.map(\.defense) == ["mean", "krum"])
    #expect(worst.lines[0].worst.map { $0?.attack } == ["flip", "scale", "scale"])
    let means = worst.lines[0].points.map { $0?.mean ?? -1 }
    for (found, expected) in zip(means, [0.75, 0.6, 0.3]) { #expect(abs(found - expected) < 1e-12) }
    #expect(sweep.panels[1].lines[0].points.map { $0?.mean } == [0.9, 0.9, 0.9])
    #expect(sweep.panels[1].lines[0].worst.isEmpty)
  }

  @Test func theWorstSuccessIsTheHighest() throws {
    let sweep = try #require(Sample.study(attackers()).sweeps(of: "asr.stop").first)
    let worst = sweep.panels[0].lines[0]
    #expect(worst.points.map { $0?.mean } == [0.1, 0.1, 0.2])
    #expect(worst.worst.map { $0?.attack } == ["scale", "flip", "flip"])
    let plain = Sample.study(attackers()).sweeps(of: "asr.stop", better: Score.Direction.none)
    #expect(plain.first?.panels.first?.subject == .attack("none"))
  }

  /// `scale` is the worst where it ran, and it did not run at 0.05.
  @Test func aCurveDoesNotFallBecauseAnAttackJoins() throws {
    let axes = ["threat.malicious": "0.05"]
    let records = attackers().filter { !($0.attack == "scale" && $0.axes == axes) }
    let worst = try #require(Sample.study(records).sweeps().first).panels[0]
    #expect(worst.subject == .worstCase)
    for line in worst.lines {
      #expect(line.worst.map { $0?.attack } == ["flip", "flip", "flip"])
      #expect(line.worst.map { $0?.count } == [1, 1, 1])
      #expect(line.worst.map { $0?.missingCount } == [1, 1, 1])
    }
  }

  /// Nothing runs at 0.2 under krum: there is no point there, and all attacks count elsewhere.
  @Test func aValueWithoutAnyMeanTakesNoAttackAway() throws {
    let axes = ["threat.malicious": "0.2"]
    var records = attackers().filter { !($0.defense == "krum" && $0.axes == axes) }
    records += ["flip", "scale"].map {
      Sample.trial($0, "krum", axes: axes, status: .notApplicable)
    }
    let line = try #require(Sample.study(records).sweeps().first).panels[0].lines[1]
    #expect(line.defense == "krum" && line.worst.map { $0?.count } == [2, 2, nil])
    #expect(line.points.last??.outcome == .notApplicable)
  }

  @Test func withoutACommonAttackThereIsNoWorstCase() throws {
    let records =
      Sample.trials("flip", "mean", axes: ["a.x": "1"], accuracy: [0.5])
      + Sample.trials("scale", "mean", axes: ["a.x": "2"], accuracy: [0.4])
    #expect(Sample.study(records).sweeps().isEmpty)
  }

  @Test func missingAttacksAreCounted() throws {
    let axes = ["threat.malicious": "0.2"]
    var records = attackers().filter { $0.attack != "scale" || $0.axes != axes }
    records.append(Sample.trial("scale", "mean", axes: axes, status: .error))
    let sweep = try #require(Sample.study(records).sweeps().first)
    let worst = sweep.panels[0].lines[0].worst
    #expect(worst.map { $0?.count } == [1, 1, 1] && worst.map { $0?.missingCount } == [1, 1, 1])
    #expect(sweep.panels[0].lines[1].worst.map { $0?.missingCount } == [1, 1, 1])
    // No trial of krum is there, an error of mean is.
    let scale = try #require(sweep.panels.first { $0.subject == .attack("scale") })
    #expect(scale.lines[0].points.last??.outcome == .failed)
    #expect(scale.lines[1].points.last == .some(nil))
  }

  @Test func otherAxesAreHeld() throws {
    var records: [TrialRecordV1] = []
    for alpha in ["0.1", "1", "10"] {
      for schedule in ["every", "{kind: every, k: 10}"] {
        for bound in ["1", "2"] {
          records += Sample.trials(
            "flip", "bound",
            axes: [
              "clients.partition.alpha": alpha, "threat.schedule": schedule,
              "defenses.bound.bound": bound,
            ], accuracy: [0.5])
        }
      }
    }
    let sweeps = Sample.study(records).sweeps()
    #expect(
      sweeps.map(\.role) == [.heterogeneity, .defense("bound"), .other])
    #expect(sweeps[0].isLogarithmic && !sweeps[1].isLogarithmic)
    // One attack alone is its own worst case.
    #expect(
      sweeps[0].panels.map { $0.axes["threat.schedule"] } == ["every", "{kind: every, k: 10}"])
    #expect(
      sweeps[0].panels[0].lines.map { $0.axes["defenses.bound.bound"] } == ["1", "2"])
    #expect(sweeps[1].panels.count == 6 && sweeps[1].panels.allSatisfy { $0.lines.count == 1 })
    #expect(sweeps[2].numbers == nil && sweeps[2].panels.count == 3)
  }

  @Test func settingsOfAnAttackAreVariantsOfTheWorst() throws {
    var records: [TrialRecordV1] = []
    for count in ["1", "2"] {
      for radius in ["1", "9"] {
        records += Sample.trials(
          "pgd", "mean",
          axes: ["threat.malicious.count": count, "attacks.pgd.radius": radius],
          accuracy: [radius == "9" ? 0.2 : 0.6])
      }
    }
    let sweeps = Sample.study(records).sweeps()
    #expect(sweeps.map(\.role) == [.attack("pgd"), .attackers])
    #expect(sweeps[0].panels.map(\.subject) == [.attack("pgd"), .attack("pgd")])
    #expect(sweeps[1].panels[0].subject == .worstCase)
    #expect(
      sweeps[1].panels[0].lines[0].worst.map { $0?.cell.axes["attacks.pgd.radius"] } == ["9", "9"])
    #expect(sweeps[1].panels.count == 3)
  }

  @Test func axesThatGoTogetherHaveNoSweep() {
    let study = Sample.study(
      Sample.trials("flip", "mean", axes: ["a.x": "1", "b.y": "1"], accuracy: [1])
        + Sample.trials("flip", "mean", axes: ["a.x": "2", "b.y": "2"], accuracy: [1]))
    #expect(study.sweeps().isEmpty)
    #expect(Sample.study(Sample.trials("flip", "mean", accuracy: [1])).sweeps().isEmpty)
    #expect(Sample.study([]).sweeps().isEmpty)
  }

  @Test(arguments: [
    ("threat.malicious", Sweep.Role.attackers), ("threat.malicious.count", .attackers),
    ("threat.maliciousness", .other), ("clients.partition.alpha", .heterogeneity),
    ("clients.count", .other), ("attacks.pgd.radius", .attack("pgd")),
    ("attacks.a.b.radius", .attack("a.b")), ("defenses.bound.bound", .defense("bound")),
    ("", .other), ("threat", .other), ("attacks.", .other), ("defense-knows.malicious", .other),
  ]) func rolesComeFromKeys(axis: String, role: Sweep.Role) {
    #expect(Sweep.Role(axis: axis) == role)
  }

  @Test func valuesThatAreNoNumbersAreCategories() throws {
    let records = ["nan", "2", "10"].flatMap {
      Sample.trials("flip", "mean", axes: ["a.x": $0], accuracy: [1])
    }
    let sweep = try #require(Sample.study(records).sweeps().first)
    #expect(sweep.numbers == nil && !sweep.isLogarithmic && sweep.values.count == 3)
  }
}
