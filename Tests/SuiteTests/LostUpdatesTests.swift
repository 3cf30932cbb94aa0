import Components
import Federation
import Foundation
import Metrics
import Results
import Simulation
import Suite
import Synchronization
import Testing

/// Clients that do not answer, and updates that come too late, under every component.
@Suite struct LostUpdatesTests {
  private func records(_ name: String, jobs: Int, perTrial: Int) throws -> [TrialRecordV1] {
    let root = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let file = try ScenarioFile(
      path: root.appendingPathComponent("Scenarios/\(name).yaml").path, catalog: .builtIn,
      overrides: [("clients.dropout", "0.5"), ("clients.deadline", "1.2")])
    let records = Mutex<[TrialRecordV1]>([])
    _ = try Runner(
      plan: Plan(file, catalog: .builtIn), metrics: .builtIn, jobs: jobs, threadsPerTrial: perTrial
    ).run(stop: StopSignal(), onProgress: { _ in }) { trial in
      records.withLock { $0.append(trial.record) }
    }
    return records.withLock { $0 }
  }

  @Test(arguments: ["smoke", "smoke-full", "smoke-attacks"])
  func everyComponentWorksWithTheRowsThatCome(_ name: String) throws {
    let one = try records(name, jobs: 2, perTrial: 1)
    let five = try records(name, jobs: 5, perTrial: 5)
    #expect(one.map(\.parametersSHA256) == five.map(\.parametersSHA256))
    var ran: Set<String> = []
    for record in one {
      switch record.status {
      case .ok:
        ran.insert(record.defense)
        #expect((record.resolved["silent"] ?? 0) > 0 && record.resolved["late"] != nil)
      case .notApplicable:
        #expect(record.message?.contains("every client") == true, "\(record.cell)")
      default: Issue.record("\(record.cell): \(record.message ?? "")")
      }
    }
    #expect(ran.count > 3)
    #expect(one.contains { ($0.resolved["late"] ?? 0) > 0 })
  }
}
