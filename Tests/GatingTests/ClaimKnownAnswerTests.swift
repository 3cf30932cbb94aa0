import Results
import Testing

@testable import Gating

@Suite struct ClaimKnownAnswerTests {
  struct Known: Decodable {
    let relation: String
    let bound, confidence: Double
    let cells: [String: [Double]]
    let everyCell: [Row]
    let worst, mean: Row

    func findings(_ over: Claim.Over) throws -> [ClaimFinding] {
      let relation = try #require(ClaimFinding.Relation(rawValue: relation))
      let claim = Claim(
        id: "c", cells: CellFilter(["defense": .oneOf(["d"])]),
        bounds: [.init(metric: "asr", relation: relation, value: bound)], over: over,
        confidence: confidence)
      let records = cells.sorted { $0.key < $1.key }.flatMap {
        Sample.trials($0.key, ["asr": $0.value])
      }
      return Gate().check(Sample.results(records), claims: [claim]).claims
    }
  }

  @Test(arguments: 0..<40) func findingsAgreeWithTheReference(number: Int) throws {
    let known = try Fixture.load("claims", as: [Known].self)[number]
    for (over, rows) in [
      (Claim.Over.everyCell, known.everyCell), (.worst, [known.worst]), (.mean, [known.mean]),
    ] {
      let findings = try known.findings(over)
      try #require(findings.count == rows.count)
      for (finding, row) in zip(findings, rows) {
        let label = Comment(rawValue: "\(over.rawValue) \(finding.description)")
        #expect(finding.subject == row[0].text, label)
        #expect(finding.verdict.rawValue == row[1].text, label)
        #expect(agree(finding.value, row[2].number), label)
        #expect(agree(finding.limit, row[3].number), label)
      }
    }
  }
}
