import Components
import Defenses
import Federation
import Tensors
import Testing

/// Finite values at the ends of single precision, whose squares and sums are outside it.
@Suite struct ExtremeValuesTests {
  /// The outlier first; whole numbers, so that multiples by powers of two are exact.
  private static let values: [Double] = [5000, 100, 200, 330, 490, 170, 245, 180, 210, 260, 225]

  private static func rows(_ factor: Double, columns: Int = 3) -> [[Double]] {
    values.map { value in (0..<columns).map { _ in value * factor } }
  }

  private static let scaled = builtInAggregators.filter { $0.laws.contains(.scale) }
    .map(\.manifest.id.rawValue)

  /// 5000 · 2^115 = 2e38 is near the largest value, 2^-149 the smallest.
  @Test(arguments: scaled, [115, 60, -60, -130])
  func rulesScaleToTheEnds(id: String, exponent: Int) throws {
    let factor = Double(sign: .plus, exponent: exponent, significand: 1)
    let rule = try makeRule(id, rows: 11, plan: plan)
    let one = try run(rule, on: makeUpdates(Self.rows(1)))
    let other = try run(rule, on: makeUpdates(Self.rows(factor)))
    #expect(
      agree(
        other.update, one.update.map { Double($0) * factor },
        tolerance: exponent < -120 ? 1e-4 : 1e-6), "\(other.update)")
    #expect(other.verdicts.map(\.disposition) == one.verdicts.map(\.disposition))
    for (got, want) in zip(other.verdicts, one.verdicts) {
      #expect(abs(got.weight - want.weight) < 1e-6)
      #expect(got.suspicion?.isFinite != false)
    }
  }

  /// Scores of `numpy` in double precision: row 7 = 180 with n − f − 2 = 7 neighbors.
  @Test(arguments: [0, 115, -130, -149])
  func krumPicksTheSameRow(exponent: Int) throws {
    let factor = Double(sign: .plus, exponent: exponent, significand: 1)
    let result = try run(
      makeRule("krum", rows: 11, plan: plan), on: makeUpdates(Self.rows(factor, columns: 1)))
    let best = Self.values.indices.min { a, b in Self.score(a) < Self.score(b) } ?? -1
    #expect(result.update == [Float(Self.values[best] * factor)])
    #expect(
      result.verdicts.map { $0.disposition == .accepted } == Self.values.indices.map { $0 == best })
    // Scores in the unit of the values.
    for (row, verdict) in result.verdicts.enumerated() {
      let score = (verdict.suspicion ?? 0) / factor / factor
      #expect(abs(score - Self.score(row)) <= 1e-5 * Self.score(row))
    }
  }

  private static func score(_ row: Int) -> Double {
    values.indices.filter { $0 != row }
      .map { (values[$0] - values[row]) * (values[$0] - values[row]) }
      .sorted().prefix(11 - 2 - 2).reduce(0, +)
  }

  @Test(arguments: ["nnm", "clipping"]) func stages(id: String) throws {
    let entry = try makeCatalog().stage(ComponentID(id))
    let given: [String: ArgumentValue] = id == "clipping" ? ["bound": .real(1)] : [:]
    var stage = try entry.make(
      Arguments(given, for: entry.manifest, plan: plan), DefenseSetup(participantCount: 11))
    var updates = makeUpdates(Self.rows(0x1p115))
    try stage.transform(&updates, in: makeRound())
    #expect((0..<11).allSatisfy { updates.values.isFinite(row: $0) })
    if id == "clipping" {
      #expect(updates.values.values.allSatisfy { abs(Double($0) - (1.0 / 3).squareRoot()) < 1e-6 })
    } else {
      // The outlier is mixed with the others, and none of them with it.
      #expect(updates.values.row(1)[0] < Float(500 * 0x1p115))
    }
  }
}
