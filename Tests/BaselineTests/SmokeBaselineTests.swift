import Foundation
import Gating
import Simulation
import Suite
import Testing

/// Every cell of the smoke scenario, trained and held against `Baselines/smoke.json` to the bit.
///
/// This is also the pattern for the tests of other packages: see the README, "Gate your own claim in
/// CI".
@Suite struct SmokeBaselineTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static let smoke = Result {
    try ScenarioGate(
      scenario: root.appendingPathComponent("Scenarios/smoke.yaml").path,
      baseline: root.appendingPathComponent("Baselines/smoke.json").path,
      gate: Gate(isExact: true))
  }

  /// Names of cells; none if a file cannot be read, which `filesAreThere` reports.
  static let cells = (try? smoke.get().cells) ?? []

  @Test(arguments: cells) func cellIsIdentical(_ cell: String) throws {
    let findings = try Self.smoke.get().findings(of: cell)
    #expect(!findings.isEmpty)
    for finding in findings {
      #expect(finding.verdict == .identical, "\(finding)")
    }
  }

  @Test func filesAreThere() throws {
    let smoke = try Self.smoke.get()
    #expect(smoke.plan.trials.count == 160)
    #expect(try smoke.check().outcome(strict: true) == .passed)
  }
}
