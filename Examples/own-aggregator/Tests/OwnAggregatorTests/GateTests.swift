import Federation
import Foundation
import Gating
import OwnAggregator
import Suite
import Testing

/// The own rule in the whole matrix, against the numbers that were recorded for it.
@Suite struct GateTests {
  private static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().appendingPathComponent("../../Gate").standardized.path
  private static let scenario = folder + "/scenario.yaml"
  private static let baseline = folder + "/baseline.json"
  private static let catalog = Catalog.builtIn.adding(
    aggregators: [AggregatorEntry(WinsorizedMean.self)])

  private static let gate = Result {
    // RECORD=1 swift test writes the baseline anew.
    if ProcessInfo.processInfo.environment["RECORD"] == "1" {
      try ScenarioGate.record(
        scenario: scenario, to: baseline, why: "recorded anew", catalog: catalog)
    }
    return try ScenarioGate(scenario: scenario, baseline: baseline, catalog: catalog)
  }

  /// Names of cells; none if a file cannot be read, which `theFilesAreThere` reports.
  static let cells = (try? gate.get().cells) ?? []

  @Test(arguments: cells) func holds(cell: String) throws {
    for finding in try Self.gate.get().findings(of: cell) {
      #expect(!finding.isFailure, "\(finding)")
    }
  }

  @Test func theFilesAreThere() throws {
    #expect(try Self.gate.get().plan.trials.count == 27)
    #expect(Self.cells.contains { $0.hasSuffix("/winsorized-mean") })
  }
}
