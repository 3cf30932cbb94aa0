import Results
import Testing
import _TestSupport

@testable import Gating

/// Intervals and p values that say the same, over one family.
@Suite struct ComparisonTests {
  private typealias Pair = (before: [Double], after: [Double])

  private static let known: [(cell: String, metric: String, pair: Pair)] = [
    (
      "a/x", "accuracy",
      ([0.649, 0.428, 0.751, 0.541, 0.569], [0.072, -0.139, 0.388, 0.117, 0.18])
    ),
    ("a/x", "asr", ([0.778, 0.803, 0.719, 0.664, 0.639], [0.762, 0.793, 0.771, 0.712, 0.819])),
    (
      "b/x", "accuracy",
      ([0.311, 0.684, 0.829, 0.288, 0.496], [0.427, 0.723, 0.792, 0.478, 0.536])
    ),
    ("b/x", "asr", ([0.241, 0.478, 0.796, 0.719, 0.331], [0.235, 0.508, 0.88, 0.736, 0.356])),
    (
      "c/x", "accuracy",
      ([0.348, 0.487, 0.679, 0.765, 0.795], [0.466, 0.545, 0.721, 0.562, 0.682])
    ),
    ("c/x", "asr", ([0.404, 0.675, 0.308, 0.466, 0.225], [0.447, 0.609, 0.373, 0.567, 0.273])),
  ]

  private static func results(_ side: KeyPath<Pair, [Double]>) -> ResultSet {
    var cells: [String: [String: [Double?]]] = [:]
    for (cell, metric, pair) in known { cells[cell, default: [:]][metric] = pair[keyPath: side] }
    return Sample.results(cells.sorted { $0.key < $1.key }.flatMap { Sample.trials($0, $1) })
  }

  @Test func agreesWithSciPy() throws {
    let comparison = try Comparison(Self.results(\.before), Self.results(\.after))
    // scipy 1.17.1: df and the standard error by the formulas of ModeratedTest, then
    // min(1, 12 · t.sf(|mean| / se, df)) and mean ± se · t.isf(0.05 / 12, df).
    let expected: [(low: Double, high: Double, p: Double)] = [
      (-0.6211360091562849, -0.3068639908437151, 4.164837939041822e-05),
      (-0.07980681698407285, 0.18140681698407282, 1),
      (-0.07658455676552593, 0.21578455676552594, 0.8174780144823177),
      (-0.04787717972329857, 0.10787717972329855, 1),
      (-0.24279989575777255, 0.2035998957577726, 1),
      (-0.05908056008855203, 0.13548056008855197, 1),
    ]
    #expect(comparison.familySize == 6 && comparison.findings.count == 6)
    for (finding, row) in zip(comparison.findings, expected) {
      #expect(agree(finding.interval?.lowerBound, row.low, within: 1e-8), "\(finding)")
      #expect(agree(finding.interval?.upperBound, row.high, within: 1e-8), "\(finding)")
      #expect(agree(finding.pValue ?? 1, row.p, within: 1e-8), "\(finding)")
      #expect((finding.verdict == .regression) == (row.p < 0.05))
    }
  }

  @Test func onlyWhatIsIncludedIsOfTheFamily() throws {
    let comparison = try Comparison(
      Self.results(\.before), Self.results(\.after), isMetricIncluded: { $0 == "asr" })
    #expect(comparison.familySize == 3 && comparison.otherDifferenceCount == 3)
    let other = try Comparison(
      Self.results(\.before), Self.results(\.after), isIncluded: { $0["attack"] == "a" },
      isMetricIncluded: { $0 == "none" })
    #expect(other.findings.isEmpty && other.familySize == 0 && other.otherDifferenceCount == 2)
  }

  @Test(arguments: 0..<200 as Range<UInt64>) func pAndTheIntervalSayTheSame(number: UInt64) throws {
    var random = SeededGenerator(number)
    let count = Int.random(in: 2...8, using: &random)
    let cells = Int.random(in: 1...30, using: &random)
    // From changes far below the spread to ones far above it.
    let shift = Double.random(in: 0...0.4, using: &random)
    let spread = Double.random(in: 0.001...0.3, using: &random)
    func trials(_ isNew: Bool) -> [TrialRecordV1] {
      (0..<cells).flatMap { cell in
        Sample.trials(
          "a\(cell)/d",
          [
            "asr": (0..<count).map { _ in
              (isNew ? shift : 0) + 0.5 + Double.random(in: -spread...spread, using: &random)
            }
          ])
      }
    }
    let comparison = try Comparison(Sample.results(trials(false)), Sample.results(trials(true)))
    for finding in comparison.findings {
      let interval = try #require(finding.interval)
      let leavesOutZero = !interval.contains(0)
      let isCalled = finding.verdict == .regression
      #expect(leavesOutZero == isCalled, "\(finding), \(interval)")
      // Of a mean of zero there is no test.
      if let p = finding.pValue { #expect((p < 0.05) == isCalled, "\(finding), \(interval)") }
    }
  }
}
