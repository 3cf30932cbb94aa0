import Foundation
import Testing
import _TestSupport

@testable import Results

/// The columns and lines of `rounds.csv`.
@Suite struct RoundsLayoutTests {
  private let layout = RoundsLayout(
    axes: ["threat.malicious", "rounds", "clients.count"], series: ["accuracy", "asr", "flagged"])

  @Test func aSmallFile() throws {
    let folder = try TemporaryFolder()
    let writer = try ResultWriter(folder: folder.path, layout: layout)
    let trial = Fixtures.record(
      defense: "a,b", axes: ["rounds": "60", "threat.malicious": "0.25"], seed: 7, rounds: 3)
    try writer.append(
      rounds: [
        RoundRecordV1(round: 0, values: ["accuracy": 0.1]),
        RoundRecordV1(round: 1, values: ["flagged": 3, "accuracy": 1.0 / 3, "asr": -0.0]),
        RoundRecordV1(round: 2, values: ["accuracy": .nan, "asr": .infinity, "else": 1]),
      ], of: trial)
    #expect(
      try folder.text("rounds.csv") == """
        key,attack,defense,clients.count,axis.rounds,threat.malicious,seed,round,accuracy,asr,flagged
        0123456789ab,backdoor,"a,b",,60,0.25,7,0,0.1,,
        0123456789ab,backdoor,"a,b",,60,0.25,7,1,0.33333334,0,3
        0123456789ab,backdoor,"a,b",,60,0.25,7,2,,,

        """)
  }

  @Test func axesAreCalledAsInTheTable() {
    let table = TrialsCSV.text(
      [Fixtures.record(axes: ["rounds": "60", "clients.count": "7"])], scenario: "s")
    let columns = table.prefix { $0 != "\n" }.split(separator: ",").map(String.init)
    #expect(Set(layout.columns[3...4]).isSubset(of: columns))
  }

  @Test(
    arguments: [
      (0.1, "0.1"), (2.0 / 3, "0.6666667"), (-1e-7, "-1e-7"), (16_777_216, "16777216"),
      (0.123456789, "0.12345679"), (3.4e38, "3.4e+38"), (1e39, "1e+39"), (1e-60, "0"),
      (123456.789, "123456.79"),
    ] as [(Double, String)])
  func valuesHaveTheDigitsOfSinglePrecision(value: Double, text: String) {
    let line = RoundsLayout(axes: [], series: ["x"]).lines(
      [RoundRecordV1(round: 0, values: ["x": value])], of: Fixtures.record())
    #expect(line == "0123456789ab,backdoor,krum,1,0,\(text)\n")
  }

  @Test func everySingleReadsBack() {
    var random = SeededGenerator(5)
    for _ in 0..<10_000 {
      let value = Float(bitPattern: UInt32.random(in: 0...(.max), using: &random))
      guard value.isFinite else { continue }
      let text = CanonicalJSON.number(value)
      #expect(Float(text) == value)
      // The value of a reader that has only doubles is nearest to it, too.
      #expect(Double(text).map { Float($0) } == value)
    }
  }

  /// No reader may take a key for a number.
  @Test(arguments: [
    ("0123456789ab", "0123456789ab"), ("012345678901", "0123456789010101a"),
    ("123456789e12", "123456789e120101a"), ("a00000000000", "a00000000000"),
  ])
  func shortKeysAreTexts(start: String, expected: String) {
    let key = start + "0101abcd" + String(repeating: "0", count: 44)
    #expect(RoundsLayout.shortKey(key) == expected)
    #expect(Double(expected) == nil)
    let digits = String(repeating: "1", count: 64)
    #expect(RoundsLayout.shortKey(digits) == digits)
  }

  @Test func aHeaderIsReadAsItIsWritten() {
    for layout in [
      layout, Fixtures.layout, RoundsLayout(axes: [], series: []),
      RoundsLayout(axes: ["seed", "b.10", "b.9", "b.9"], series: ["x", "y", "x"]),
    ] {
      #expect(RoundsLayout(header: layout.header.utf8.dropLast()) == layout)
    }
    #expect(
      RoundsLayout(axes: ["b.10", "b.9", "b.9"], series: ["x", "y", "x"]).columns
        == ["key", "attack", "defense", "b.9", "b.10", "seed", "round", "x", "y"])
    for header in [
      "", "key", "key,attack,defense", "key,attack,defense,seed", "key,attack,defense,round,seed",
      "key,cell,seed,round,metric,value", "key,attack,defense,b,a,seed,round",
      "key,attack,defense,seed,round,x,x", "key,attack,defense,seed,round,\"x\"",
    ] {
      #expect(RoundsLayout(header: header.utf8) == nil, "\(header)")
    }
  }

  /// A trial as long as those of `core`: 60 rounds, 25 of them in the window, 24 series.
  @Test func aTrialTakesTwelveThousandBytesAtMost() {
    let inWindow = (0..<16).map { "stealth.\($0)" }
    let counts = (0..<5).map { "detection.\($0)" }
    let layout = RoundsLayout(axes: [], series: ["accuracy", "asr", "robust"] + inWindow + counts)
    let trial = Fixtures.record(attack: "model-replacement", defense: "norm-clipping", seed: 100)
    var random = SeededGenerator(1)
    let rounds = (0..<60).map { round in
      var values: [String: Double] = [:]
      for name in layout.series.prefix(3) { values[name] = .random(in: 0...1, using: &random) }
      if (15..<40).contains(round) {
        for name in inWindow { values[name] = .random(in: -1...1, using: &random) }
        for name in counts { values[name] = Double(Int.random(in: 0...20, using: &random)) }
      }
      return RoundRecordV1(round: round, values: values)
    }
    let size = layout.lines(rounds, of: trial).utf8.count
    #expect(size <= 12_000, "\(size) bytes")
  }
}
