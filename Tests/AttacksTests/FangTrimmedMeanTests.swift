import Attacks
import Components
import Determinism
import Federation
import Kernels
import Tensors
import Testing

@Suite struct FangTrimmedMeanTests {
  @Test(arguments: try CraftCase.load("fang-trimmed-mean.json"))
  func matchesReference(known: CraftCase) throws { try known.check() }

  /// No value is inside the honest ones, which is what trims honest values instead.
  ///
  /// The notebooks of Shejwalkar and Houmansadr send 0 in about half of the coordinates.
  @Test func valuesLieBeyondTheHonestOnes() throws {
    for known in try CraftCase.load("fang-trimmed-mean.json")
    where known.own == nil && known.name != "odd columns" {
      let rows = try known.crafted().rows
      let honest = known.honestRows
      for column in 0..<honest.columnCount {
        let values = (0..<honest.rowCount).map { honest.row($0)[column] }
        let mean = values.reduce(0) { $0 + Double($1) }
        for row in 0..<rows.rowCount {
          let sent = rows.row(row)[column]
          if mean > 0 { #expect(sent <= values.min() ?? 0) }
          if mean < 0 { #expect(sent >= values.max() ?? 0) }
        }
      }
    }
  }

  /// Blades gives all attackers the same draw.
  @Test func attackersDrawIndependently() throws {
    for partial in [false, true] {
      let known = try #require(
        CraftCase.load("fang-trimmed-mean.json").first {
          $0.attackers == 5 && ($0.own != nil) == partial
        })
      let rows = try known.crafted().rows
      for row in 1..<5 {
        #expect(zip(rows.row(0), rows.row(row)).allSatisfy { $0 != $1 })
      }
    }
  }

  @Test func extremesAndMeansOfZeroAreSent() throws {
    // A positive mean with the minimum 0, a negative one with the maximum 0, and a mean of 0.
    let honest = HonestUpdates(matrix([[0, 0, 1], [3, -4, -1], [1, -1, 0]]))
    let own = Matrix<Float>(rowCount: 4, columnCount: 3)
    let rows = try make(FangTrimmedMean.self).crafted(own, view: makeView(4, honest: honest)).rows
    #expect(rows.values.allSatisfy { $0 == 0 })
  }

  @Test func oneAttackerAloneSendsItsOwn() throws {
    let attack = try make(FangTrimmedMean.self, ["knowledge": .text("partial")])
    let rows = matrix([[3, -1, 0]])
    #expect(attack.crafted(rows, view: makeView(1)).rows == rows)
  }

  @Test func withoutKnownUpdatesNothingChanges() throws {
    let rows = matrix([[1, 2]])
    let none = HonestUpdates(all: rows, rows: [], clients: [])
    for honest in [none, nil] {
      let view = makeView(1, honest: honest)
      #expect(try make(FangTrimmedMean.self).crafted(rows, view: view).rows == rows)
    }
  }

  @Test func knowledgeIsStated() throws {
    #expect(try make(FangTrimmedMean.self).threatModel.knowledge == .honestUpdates)
    let partial = try make(FangTrimmedMean.self, ["knowledge": .text("partial")]).threatModel
    #expect(partial.knowledge == .ownClients && partial.surface == .update)
    #expect(throws: ConfigurationError.self) { try make(FangTrimmedMean.self, ["b": .real(0.5)]) }
  }
}
