import Foundation
import Gating
import Simulation
import Suite
import Testing

/// Every cell of the smoke scenarios, trained and held against its baseline to the bit.
///
/// This is also the pattern for the tests of other packages: see the article "Gating a component
/// of your own".
@Suite struct SmokeBaselineTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static func gate(_ name: String) -> Result<ScenarioGate, any Error> {
    Result {
      try ScenarioGate(
        scenario: root.appendingPathComponent("Scenarios/\(name).yaml").path,
        baseline: root.appendingPathComponent("Baselines/\(name).json").path,
        gate: Gate(isExact: true))
    }
  }

  private static let smoke = gate("smoke")
  private static let full = gate("smoke-full")

  /// Names of cells; none if a file cannot be read, which `filesAreThere` reports.
  static let cells = (try? smoke.get().cells) ?? []
  static let fullCells = (try? full.get().cells) ?? []

  @Test(arguments: cells) func cellIsIdentical(_ cell: String) throws {
    try expectIdentical(cell, in: Self.smoke.get())
  }

  @Test(arguments: fullCells) func cellOfFullParticipationIsIdentical(_ cell: String) throws {
    try expectIdentical(cell, in: Self.full.get())
  }

  private func expectIdentical(_ cell: String, in scenario: ScenarioGate) throws {
    let findings = try scenario.findings(of: cell)
    #expect(!findings.isEmpty)
    for finding in findings {
      #expect(finding.verdict == .identical, "\(finding)")
    }
  }

  @Test func filesAreThere() throws {
    for gate in [Self.smoke, Self.full] {
      let scenario = try gate.get()
      #expect(scenario.plan.trials.count >= 80)
      #expect(try scenario.check().outcome(strict: true) == .passed)
    }
  }
}
