import Results
import Studies
import Testing

@testable import Reporting

@Suite struct AuditSectionTests {
  private func text(_ records: [TrialRecordV1]) throws -> String {
    let study = TableStudy.study(records)
    let page = PageMarkup(ReportPage([.init(study)], markedFlags: []).text())
    return page.inside("audit").filter { $0.name == "p" }.map(\.text).joined(separator: "\n")
  }

  private func cell(_ defense: String, _ values: [Double], attack: String = "x") -> [TrialRecordV1]
  {
    values.enumerated().map { index, value in
      Fixtures.record(attack, defense, seed: index + 1, metrics: ["accuracy.stop": value])
    }
  }

  @Test func equalPairsAreLeftOutAndCounted() throws {
    let found = try text(
      cell("a", [0.5, 0.6]) + cell("b", [0.5, 0.6]) + cell("c", [0.5, 0.5]) + cell("d", [0.4]))
    #expect(found.contains("median of 2 pairs over 2 seeds"))
    #expect(!found.contains("have to differ by 0.000"))
    #expect(
      found.contains(
        "Left out: 1 pair that always differs by the same, most often by nothing, 3 pairs with fewer"
          + " than two common seeds."))
    #expect(!found.contains("no difference can be seen"))
  }

  /// Two seeds whose differences are 0.6 apart: no rate can differ by what they need.
  @Test func differencesThatNoRateHasAreSaidToBeUnseen() throws {
    let wide = cell("a", [0.1, 0.9]) + cell("b", [0.8, 0.2])
    #expect(try text(wide).contains("no difference can be seen in half of these pairs."))
    let some =
      wide
      + ["v", "w"].flatMap {
        cell("a", [0.5, 0.6], attack: $0) + cell("b", [0.5, 0.59], attack: $0)
      }
    #expect(try text(some).contains("Where it is 1 or more, no difference can be seen"))
  }

  @Test func withoutAComparisonTheReasonIsTold() throws {
    #expect(
      try text(cell("a", [0.5], attack: "none")).contains(
        "accuracy.stop: nothing to compare: the study has no attack."))
    #expect(
      try text(cell("a", [0.5])).contains(
        "accuracy.stop: nothing to compare: no two defenses have a mean of accuracy.stop"))
    #expect(
      try text(cell("a", [0.5]) + cell("b", [0.5])).contains(
        "no two defenses have two seeds in common: 1 pair with fewer than two common seeds."))
  }
}
