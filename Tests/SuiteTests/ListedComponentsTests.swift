import Components
import Federation
import Foundation
import Simulation
import Suite
import Testing

/// What is written down about all components has all of them.
@Suite struct ListedComponentsTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Scenarios that say that they have every defense.
  @Test(arguments: ["defenses", "fashion-mnist", "full"])
  func scenariosOfDefensesHaveEveryOne(_ name: String) throws {
    let path = Self.root.appendingPathComponent("Scenarios/\(name).yaml").path
    let file = try ScenarioFile(path: path, catalog: .builtIn)
    var used: Set<String> = []
    for defense in file.variants.flatMap(\.scenario.defenses) {
      used.formUnion((defense.stages + [defense.rule] + defense.finishers).map(\.use.rawValue))
    }
    let catalog = Catalog.builtIn
    let known =
      catalog.aggregators.map(\.manifest.id) + catalog.stages.map(\.manifest.id)
      + catalog.finishers.map(\.manifest.id)
    #expect(known.map(\.rawValue).filter { !used.contains($0) } == [])
  }

  @Test func theFullScenarioHasEveryAttack() throws {
    let path = Self.root.appendingPathComponent("Scenarios/full.yaml").path
    let file = try ScenarioFile(path: path, catalog: .builtIn)
    let used = Set(file.variants.flatMap(\.scenario.attacks).map(\.choice.use.rawValue))
    let known = Catalog.builtIn.attacks.map(\.manifest.id.rawValue)
    #expect(known.filter { !used.contains($0) } == [])
  }

  /// The server trains in each round for those alone that look at the result.
  @Test func onlyWhoComparesWithTheRootUpdateHasItTrained() {
    let catalog = Catalog.builtIn
    let needs =
      catalog.aggregators.map { ($0.manifest.id, $0.needs) }
      + catalog.finishers.map { ($0.manifest.id, $0.needs) }
    #expect(needs.filter { $0.1.contains(.rootUpdate) }.map(\.0) == ["flare", "fltrust"])
    #expect(needs.allSatisfy { !$0.1.contains(.rootUpdate) || $0.1.contains(.rootData) })
    #expect(needs.contains { $0.0 == "fine-tune" && $0.1.contains(.rootData) })
  }
}
