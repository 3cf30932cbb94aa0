import Attacks
import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Testing

@Suite struct AttackCatalogTests {
  @Test func idsAreSortedAndUnique() {
    let ids = builtInAttacks.map(\.manifest.id)
    #expect(ids == ids.sorted())
    #expect(Set(ids).count == ids.count)
    #expect(ids.contains("none"))
  }

  @Test(arguments: builtInAttacks.map(\.manifest.id.rawValue))
  func keepsTheContract(id: String) throws {
    let entry = try #require(builtInAttacks.first { $0.manifest.id.rawValue == id })
    let manifest = entry.manifest
    #expect(!manifest.summary.isEmpty && !manifest.formula.isEmpty && !manifest.citation.isEmpty)
    #expect(manifest.parameters.allSatisfy { !$0.help.isEmpty })
    #expect(Set(manifest.parameters.map(\.name)).count == manifest.parameters.count)
    #expect(throws: ConfigurationError.self) {
      try Arguments(["no-such": .integer(1)], for: manifest, plan: plan)
    }

    let arguments = try Arguments([:], for: manifest, plan: plan)
    let attack = try entry.make(arguments, makeSetup())
    let rows = matrix([[0.5, -1, 2], [1, 1, 1]])
    let first = attack.crafted(rows, view: makeView(2))
    #expect(first.rows.rowCount == 2 && first.rows.columnCount == 3)
    let second = attack.crafted(rows, view: makeView(2))
    #expect(first.rows.values.map(\.bitPattern) == second.rows.values.map(\.bitPattern))

    let shard = makeShard(labels: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 7])
    let poisoned = attack.poisoned(shard)
    #expect(poisoned == attack.poisoned(shard))
    #expect(poisoned.labels.allSatisfy { (0..<10).contains($0) })
    if !attack.threatModel.surface.contains(.data) { #expect(poisoned == shard) }
    if attack.threatModel.surface.isDisjoint(with: [.update]) { #expect(first.rows == rows) }
  }
}
