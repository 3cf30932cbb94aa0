import Results
import Testing

@testable import Gating

@Suite struct GateKnownAnswerTests {
  struct Known: Decodable {
    struct Metric: Decodable {
      let better: String
      let abs: Double
      let rel: Double?
    }
    struct Override: Decodable {
      struct Change: Decodable {
        let abs, rel: Double?
        let gate: Bool?
      }
      let attack: String?
      let defense: String
      let metrics: [String: Change]
    }
    struct Cell: Decodable {
      let attack, defense: String
      let seeds, nowSeeds: [Int]
      let before, after: [String: [Double?]]
    }
    let alpha: Double
    let minSeeds: Int
    let metrics: [String: Metric]
    let overrides: [Override]
    let cells: [Cell]
    let expected: [Row]

    var policy: Policy {
      Policy(
        // The reference judges the seeds that both sides have.
        alpha: alpha, minSeeds: minSeeds, reactions: .init(missing: .warn),
        metrics: metrics.mapValues {
          .init(better: .init(rawValue: $0.better) ?? .none, abs: $0.abs, rel: $0.rel ?? 0)
        },
        overrides: overrides.map { override in
          var filter = CellFilter(["defense": .oneOf([override.defense])])
          if let attack = override.attack { filter.conditions["attack"] = .oneOf([attack]) }
          return .init(
            cells: filter,
            metrics: override.metrics.mapValues {
              .init(abs: $0.abs, rel: $0.rel, gate: $0.gate)
            }, why: "because")
        })
    }

    func report() throws -> GateReport {
      let before = cells.flatMap {
        Sample.trials("\($0.attack)/\($0.defense)", $0.before, seeds: $0.seeds)
      }
      let after = cells.flatMap {
        Sample.trials("\($0.attack)/\($0.defense)", $0.after, seeds: $0.nowSeeds)
      }
      let baseline = try Sample.baseline(before, policy: policy)
      return Gate().check(Sample.results(after), against: baseline)
    }
  }

  @Test(arguments: 0..<36) func findingsAgreeWithTheReference(number: Int) throws {
    let known = try Fixture.load("gates", as: [Known].self)[number]
    let findings = try known.report().findings
    try #require(findings.count == known.expected.count)
    for (finding, row) in zip(findings, known.expected) {
      let label = Comment(rawValue: finding.description)
      #expect(finding.cell == row[0].text, label)
      #expect(finding.metric == row[1].text, label)
      #expect(finding.verdict.rawValue == row[2].text, label)
      #expect(Double(finding.seeds.count) == row[3].number, label)
      #expect(agree(finding.baseline, row[4].number), label)
      #expect(agree(finding.current, row[5].number), label)
      #expect(agree(finding.worsening, row[6].number), label)
      #expect(agree(finding.interval?.lowerBound, row[7].number, within: 1e-8), label)
      #expect(agree(finding.interval?.upperBound, row[8].number, within: 1e-8), label)
      #expect(agree(finding.tolerance, row[9].number), label)
      #expect(agree(finding.pValue, row[10].number, within: 1e-8), label)
      #expect(agree(finding.smallestVisible, row[11].number), label)
      #expect(finding.moreSeeds.map(Double.init) == row[12].number, label)
    }
  }

  @Test func everyVerdictOfTheStatisticsIsAmongThem() throws {
    let known = try Fixture.load("gates", as: [Known].self)
    let verdicts = Set(known.flatMap(\.expected).compactMap { $0[2].text })
    #expect(verdicts == ["identical", "pass", "improved", "regression", "inconclusive"])
  }
}
