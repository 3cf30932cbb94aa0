import Attacks
import Components
import Determinism
import Federation
import Kernels
import Tensors
import Testing

@Suite struct ALIETests {
  private struct Table: Decodable {
    var table: [[Double]]
  }

  /// The z that is recorded for n submissions of which f are attackers'.
  private func z(_ n: Int, _ f: Int, _ given: [String: ArgumentValue] = [:]) throws -> Double {
    let view = makeView(f, participants: n, honest: HonestUpdates(matrix([[1], [2]])))
    let own = Matrix<Float>(rowCount: f, columnCount: 1)
    return try #require(try make(ALIE.self, given).crafted(own, view: view).record["z"])
  }

  @Test(arguments: try CraftCase.load("alie.json"))
  func matchesReference(known: CraftCase) throws { try known.check() }

  @Test func zFollowsFromTheCounts() throws {
    // As in the specification, to the digits printed there.
    let printed: [(n: Int, f: Int, z: Double)] = [
      (10, 2, 0), (10, 3, 0.1800), (10, 4, 0.4307), (20, 4, 0.1573), (25, 5, 0.2533),
      (25, 11, 1.0676), (50, 5, 0.0837), (50, 10, 0.2533), (50, 24, 1.4261), (51, 24, 1.4461),
      (60, 18, 0.4972), (100, 20, 0.2858),
    ]
    for (n, f, expected) in printed { #expect(abs(try z(n, f) - expected) <= 5e-5, "\(n), \(f)") }
    let table: Table = try decode("alie.json", beside: #filePath)
    #expect(table.table.count == printed.count + 1)
    for row in table.table {
      let found = try z(Int(row[0]), Int(row[1]))
      #expect(abs(found - max(0, row[2])) <= 1e-12, "\(row)")
    }
  }

  /// CRYPTO-KU's z is −0.066 here, which moves rows to the other side.
  @Test func fewAttackersSendTheMean() throws {
    #expect(try z(20, 1) == 0)
    #expect(try z(2, 1) == 0)
  }

  @Test func aMajorityIsClampedToTheMaximum() throws {
    #expect(try z(9, 5) == 10)
    #expect(try z(9, 5, ["z-max": .real(3)]) == 3)
    #expect(try z(25, 11, ["z-max": .real(0.5)]) == 0.5)
    #expect(try z(5, 5) == 10)
  }

  /// ByzPy takes the quantile of (n − s) / n, 1.751 here; FLANDERS the distribution function.
  @Test func theQuantileIsThatOfTheHonestClients() throws {
    #expect(abs(try z(50, 24) - 1.4261) < 1e-4)
    #expect(abs(try z(50, 24) - 1.751) > 0.3)
  }

  /// The authors of GAS take the variance for the deviation, FLANDERS its root.
  @Test func theRowScalesWithTheUpdates() throws {
    let known = try CraftCase.load("alie.json")[0]
    let attack = try make(ALIE.self, ["z": .real(1)])
    let own = Matrix<Float>(rowCount: 1, columnCount: 5)
    let once = attack.crafted(own, view: makeView(1, honest: HonestUpdates(known.honestRows)))
    var larger = known.honestRows
    for row in 0..<larger.rowCount { larger.scaleRow(row, by: 4) }
    let scaled = attack.crafted(own, view: makeView(1, honest: HonestUpdates(larger)))
    #expect(scaled.rows.values == once.rows.values.map { 4 * $0 })
  }

  /// The bound of the paper: no coordinate leaves the mean by more than z deviations.
  @Test func rowsStayWithinTheirBounds() throws {
    for known in try CraftCase.load("alie.json") where known.own == nil {
      let (rows, record) = try known.crafted()
      let honest = known.honestRows
      let z = try #require(record["z"])
      for column in 0..<honest.columnCount {
        let values = (0..<honest.rowCount).map { Double(honest.row($0)[column]) }
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = (squares / Double(max(1, values.count - 1))).squareRoot()
        let offset = abs(Double(rows.row(0)[column]) - mean)
        #expect(offset <= z * deviation + 1e-6 * (abs(mean) + offset), "\(known.name)")
      }
    }
  }

  @Test func equalOrSingleUpdatesAreSent() throws {
    for word in ["population", "sample"] {
      let attack = try make(ALIE.self, ["z": .real(2), "deviation": .text(word)])
      for honest in [[[3.0, -1]], [[3, -1], [3, -1], [3, -1]]] {
        let view = makeView(2, honest: HonestUpdates(matrix(honest)))
        let sent = attack.crafted(matrix([[0, 0], [0, 0]]), view: view).rows
        #expect(sent.values == [3, -1, 3, -1])
      }
    }
  }

  @Test func withoutKnownUpdatesNothingChanges() throws {
    let rows = matrix([[1, 2]])
    let none = HonestUpdates(all: rows, rows: [], clients: [])
    for honest in [none, nil] {
      let (sent, record) = try make(ALIE.self).crafted(rows, view: makeView(1, honest: honest))
      #expect(sent == rows && record.isEmpty)
    }
    // Of its own, one that is not finite is no update.
    let attack = try make(ALIE.self, ["z": .real(1), "knowledge": .text("partial")])
    let broken = matrix([[.nan, 2]])
    #expect(attack.crafted(broken, view: makeView(1)).record.isEmpty)
    let half = matrix([[.nan, 2], [4, 6]])
    #expect(attack.crafted(half, view: makeView(2)).rows.values == [4, 6, 4, 6])
  }

  @Test func knowledgeIsStated() throws {
    let model = try make(ALIE.self).threatModel
    #expect(model.knowledge == .honestUpdates && model.surface == .update)
    let partial = try make(ALIE.self, ["knowledge": .text("partial")]).threatModel
    #expect(partial.knowledge == .ownClients)
    for (name, value) in [
      ("z", ArgumentValue.real(-1)), ("z-max", .real(-1)), ("sign", .text("up")),
      ("deviation", .text("variance")),
    ] {
      #expect(throws: ConfigurationError.self) { try make(ALIE.self, [name: value]) }
    }
  }
}
