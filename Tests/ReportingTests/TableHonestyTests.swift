import Gating
import Markup
import Results
import Studies
import Testing

@testable import Reporting

/// What a table shows beside, instead of or without a figure.
@Suite struct TableHonestyTests {
  private static let scores = [
    Score(metric: "accuracy.stop", title: "accuracy", better: .higher, bounds: Score.highBounds),
    Score(metric: "asr.stop", title: "ASR", better: .lower, bounds: Score.lowBounds),
    Score(
      metric: "stealth.score", title: "stealth", better: .lower,
      companion: .init(
        metric: "stealth.detectability", label: "D", meaning: "AUROC", shortMeaning: "AUROC")),
    Score(metric: "detection.auc", title: "detection", better: .higher),
  ]

  private static func trials(
    _ attack: String, _ defense: String, accuracy: [Double], asr: Double = 0.02,
    detection: Double? = nil, axes: [String: String] = [:], flags: [Int: [String]] = [:],
    isImplied: Bool = false
  ) -> [TrialRecordV1] {
    accuracy.enumerated().map { index, value in
      Fixtures.record(
        attack, defense, seed: index + 1, axes: axes,
        metrics: [
          "accuracy.stop": value, "accuracy.final": value, "accuracy.chance": 0.1,
          "asr.stop": asr, "stealth.score": 1, "stealth.detectability": 0.88,
          "detection.auc": detection,
        ], absent: detection == nil ? ["detection.auc": "the rule judges nobody"] : [:],
        flags: flags[index] ?? [], isImplied: isImplied)
    }
  }

  private static let alive = [0.9, 0.9, 0.9, 0.9, 0.9]
  private static let dead = [0.1, 0.1, 0.1, 0.1, 0.1]

  private static func text(
    _ records: [TrialRecordV1], marked: Set<String> = ["collapsed", "diverged"],
    color: Bool = false
  ) -> String {
    ScoreTables(records, scores: scores, markedFlags: marked).text(color: color)
  }

  private static func lines(_ text: String) -> [String] {
    text.split(separator: "\n").map(String.init)
  }

  @Test func theSuccessOnADeadModelIsVoid() {
    let text = Self.text(
      Self.trials("none", "mean", accuracy: Self.alive)
        + Self.trials("flip", "mean", accuracy: Self.dead))
    #expect(text.contains("\nflip  0.100 ±.000!\n"))
    #expect(text.contains("\nflip  void\n"))
    #expect(text.contains("\n!      collapsed: flip/mean (at the end of the window accuracy 0.100"))
    #expect(text.contains("\nvoid   the model is dead there"))
    // Where it lives nothing is void.
    #expect(!Self.text(Self.trials("flip", "mean", accuracy: Self.alive)).contains("void"))
  }

  @Test func aFlagOfAllCellsKeepsItsMark() {
    let text = Self.text(
      Self.trials("flip", "mean", accuracy: Self.dead)
        + Self.trials("flip", "krum", accuracy: Self.dead))
    #expect(text.contains("0.100 ±.000!  0.100 ±.000!"))
    #expect(text.contains("collapsed: all cells"))
  }

  @Test func oneSeedMarksNothing() {
    let text = Self.text(
      Self.trials("none", "krum", accuracy: Self.alive)
        + Self.trials(
          "flip", "krum", accuracy: [0.1, 0.9, 0.9, 0.9, 0.9], flags: [0: ["diverged"]]))
    #expect(!text.contains("!"))
    #expect(text.contains("diverged in 1 of 5 seeds: flip/krum\n"))
    #expect(text.contains("collapsed in 1 of 5 seeds: flip/krum\n"))
  }

  @Test func aMarkStandsBesideWhatItsFlagIsAbout() {
    let text = Self.text(Self.trials("flip", "mean", accuracy: Self.dead))
    #expect(text.contains("1.000 ±.000 D .88\n"), "stealth does not depend on accuracy")
  }

  @Test func detectabilityStandsBesideStealth() {
    let text = Self.text(Self.trials("flip", "mean", accuracy: Self.alive))
    #expect(text.contains("stealth · lower is better for the defender · D = AUROC · mean"))
    #expect(text.contains("flip  1.000 ±.000 D .88"))
  }

  @Test func columnsWithoutANumberAreLeftOut() {
    let records =
      Self.trials("flip", "mean", accuracy: Self.alive)
      + Self.trials("flip", "krum", accuracy: Self.alive, detection: 0.75)
    let lines = Self.lines(Self.text(records))
    let place = lines.firstIndex { $0.hasPrefix("detection ·") } ?? 0
    #expect(lines[place + 1].split(separator: " ").map(String.init) == ["krum"])
    #expect(lines.contains("–      detection.auc: the rule judges nobody (flip/mean)"))
    // A row of its own still says that one cell of a column has none.
    let mixed = records + Self.trials("none", "krum", accuracy: Self.alive)
    #expect(Self.text(mixed).contains("\nnone  –"))
  }

  @Test func theCleanRowIsAReferenceWithoutColor() {
    let records =
      Self.trials("quiet", "mean", accuracy: Self.alive)
      + Self.trials("flip", "mean", accuracy: Self.alive)
    let tables = ScoreTables(
      records, scores: Self.scores, references: ReferenceIDs(clean: ["quiet"]))
    let lines = Self.lines(tables.text(color: true))
    #expect(lines.contains { $0.hasPrefix("flip") && $0.contains("48;5;114m") })
    #expect(!lines.contains { $0.hasPrefix("quiet") && $0.contains("\u{1b}") })
    // The color of a value does not depend on its neighbors.
    let alone = ScoreTables(
      Self.trials("flip", "mean", accuracy: Self.alive), scores: Self.scores
    ).text(color: true)
    #expect(alone.contains("48;5;114m0.900"))
    #expect(!alone.contains("48;5;210m"))
  }

  @Test func impliedCellsAreShownAndNamed() {
    let text = Self.text(
      Self.trials("none", "mean", accuracy: Self.alive, isImplied: true)
        + Self.trials("none", "krum", accuracy: Self.alive, isImplied: true)
        + Self.trials("flip", "mean", accuracy: Self.alive, isImplied: true)
        + Self.trials("flip", "krum", accuracy: Self.alive))
    #expect(text.contains("\nnone  0.900 ±.000  0.900 ±.000\n"))
    #expect(
      text.contains(
        "ref    not selected, run since the others are compared to it: */mean, none/krum"))
  }

  @Test func manyAxesAreOnePivotPerScore() {
    var records: [TrialRecordV1] = []
    for alpha in ["0.1", "1.0", "10.0"] {
      for malicious in ["0.1", "0.3"] {
        for attack in ["none", "flip"] {
          records += Self.trials(
            attack, "mean", accuracy: attack == "flip" && alpha == "0.1" ? Self.dead : Self.alive,
            axes: [
              "clients.partition.alpha": alpha, "threat.malicious": malicious, "rounds": "60",
            ])
        }
      }
    }
    let text = Self.text(records)
    let lines = Self.lines(text)
    #expect(lines.count { $0.contains(" · mean ± over ") } == 3, "one table per score")
    #expect(
      lines[0]
        == "== rounds=60 alpha is clients.partition.alpha, malicious is threat.malicious")
    #expect(lines.contains("      alpha  malicious  mean"))
    #expect(lines.contains("flip  0.1    0.3        0.100 ±.000!"))
    let order = lines.filter { $0.hasPrefix("flip") }.prefix(6).map {
      $0.split(separator: " ")[1...2].joined(separator: " ")
    }
    #expect(order == ["0.1 0.1", "0.1 0.3", "1.0 0.1", "1.0 0.3", "10.0 0.1", "10.0 0.3"])
    #expect(text.contains("collapsed: flip/* alpha=0.1 (at the end of the window accuracy"))
    #expect(lines.allSatisfy { Printable.width($0) <= 100 })
  }

  @Test func aParameterOfOneDefenseHasNoCellsOfOthers() {
    let records =
      Self.trials("flip", "mean", accuracy: Self.alive)
      + Self.trials("flip", "krum", accuracy: Self.alive, axes: ["defenses.krum.f": "2"])
      + Self.trials("flip", "krum", accuracy: Self.alive, axes: ["defenses.krum.f": "4"])
    let text = Self.text(records)
    #expect(!text.contains("not run"))
    #expect(text.contains("\nflip     0.900 ±.000\n"))
    #expect(text.contains("\nflip  2               0.900 ±.000\n"))
  }

  @Test func whatDidNotRunKeepsNoColumnTogether() {
    let records =
      Self.trials("flip", "mean", accuracy: Self.dead, axes: ["malicious": "0.2"])
      + Self.trials("flip", "krum", accuracy: Self.dead, axes: ["malicious": "0.2"])
      + Self.trials("flip", "mean", accuracy: Self.dead, axes: ["malicious": "0.6"])
      + [
        Fixtures.record(
          "flip", "krum", axes: ["malicious": "0.6"], status: .notApplicable, message: "too many")
      ]
    let text = Self.text(records)
    #expect(text.contains("collapsed: all cells (at"))
    #expect(text.contains("\nn/a    flip/krum malicious=0.6: too many\n"))
  }

  @Test func tooManyRowsAreCounted() {
    let records = (1...70).flatMap {
      Self.trials("flip", "mean", accuracy: [0.9], axes: ["rounds": "\($0)"])
    }
    let text = Self.text(records)
    #expect(text.contains("\n… and 10 more rows; trials.csv has the trials of all\n"))
    #expect(Self.lines(text).count < 300)
  }

  @Test func aMeanWithACensoredMemberIsALowerBound() {
    var records = Self.trials("flip", "mean", accuracy: Self.alive)
    records[0].censored = ["asr.stop"]
    #expect(Self.text(records).contains("\nflip  ≥ 0.020\n"))
  }
}
