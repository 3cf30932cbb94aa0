import Attacks
import Components
import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Testing

@Suite struct AttackCatalogTests {
  @Test func idsAreSortedAndUnique() {
    for ids in [builtInAttacks.map(\.manifest.id), builtInModifiers.map(\.manifest.id)] {
      #expect(ids == ids.sorted())
      #expect(Set(ids).count == ids.count)
    }
    #expect(builtInAttacks.map(\.manifest.id).contains("none"))
  }

  @Test(arguments: builtInAttacks.map(\.manifest.id.rawValue))
  func keepsTheContract(id: String) throws {
    let entry = try #require(builtInAttacks.first { $0.manifest.id.rawValue == id })
    let manifest = entry.manifest
    #expect(!manifest.summary.isEmpty && !manifest.formula.isEmpty && !manifest.sources.isEmpty)
    #expect(manifest.parameters.allSatisfy { !$0.help.isEmpty })
    #expect(Set(manifest.parameters.map(\.name)).count == manifest.parameters.count)
    #expect(throws: ConfigurationError.self) {
      try Arguments(["no-such": .integer(1)], for: manifest, plan: plan)
    }

    // The small trigger of the plan has two features.
    let given: [String: ArgumentValue] = id == "dba" ? ["parts": .integer(2)] : [:]
    let arguments = try Arguments(given, for: manifest, plan: plan)
    let attack = try entry.make(arguments, makeEdgeSetup())
    let rows = matrix([[0.5, -1, 2], [1, 1, 1]])
    let view = makeView(2, honest: HonestUpdates(matrix([[1, 2, 3], [3, 2, 1]])))
    let first = attack.crafted(rows, view: view)
    #expect(first.rows.rowCount == 2 && first.rows.columnCount == 3)
    let second = attack.crafted(rows, view: view)
    #expect(first.rows.values.map(\.bitPattern) == second.rows.values.map(\.bitPattern))

    let shard = makeShard(labels: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 7])
    let poisoned = attack.poisoned(shard)
    #expect(poisoned == attack.poisoned(shard))
    #expect(poisoned.labels.allSatisfy { (0..<10).contains($0) })
    if !attack.threatModel.surface.contains(.data) { #expect(poisoned == shard) }
    if attack.threatModel.surface.isDisjoint(with: [.update]) { #expect(first.rows == rows) }
    guard attack.craftsRowByRow else { return }
    // The stream is a new one for each row here, so that a draw would show.
    for row in 0..<2 {
      let alone = attack.crafted(Matrix(rows: [rows.row(row)]), view: view)
      #expect(alone.rows.row(0).map(\.bitPattern) == first.rows.row(row).map(\.bitPattern))
      #expect(alone.record == first.record)
    }
  }

  @Test func theEngineMayGiveRowsOneAtATime() throws {
    let alone = try builtInAttacks.filter { entry in
      let given: [String: ArgumentValue] = entry.manifest.id == "dba" ? ["parts": .integer(2)] : [:]
      let arguments = try Arguments(given, for: entry.manifest, plan: plan)
      return try entry.make(arguments, makeEdgeSetup()).craftsRowByRow
    }
    #expect(
      alone.map(\.manifest.id) == [
        "huge-update", "inf-update", "nan-update", "sign-flip", "zero-update",
      ])
  }
}
