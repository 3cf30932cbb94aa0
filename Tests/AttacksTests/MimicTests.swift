import Attacks
import Components
import Determinism
import Federation
import Kernels
import Tensors
import Testing

@Suite struct MimicTests {
  struct Known: Decodable, Sendable, CustomStringConvertible {
    var name: String
    var warmUp: Int
    var rounds: [[[Double]]]
    var victims: [Int]
    var description: String { name }
  }

  private struct File: Decodable {
    var cases: [Known]
  }

  static func cases() throws -> [Known] {
    let file: File = try decode("mimic.json", beside: #filePath)
    return file.cases
  }

  /// Lets an attack act once on honest rows; returns what is sent and the recorded victim.
  private func act(
    _ attack: inout Mimic, _ honest: HonestUpdates, attackers: Int = 2
  ) -> (rows: Matrix<Float>, victim: Double?) {
    var sent = Matrix<Float>(rowCount: attackers, columnCount: honest.all.columnCount)
    var random = SeedPath(root: 5).stream()
    let record = attack.craft(&sent, makeView(attackers, honest: honest), random: &random)
    return (sent, record["victim"])
  }

  @Test(arguments: try MimicTests.cases())
  func matchesReference(known: Known) throws {
    var attack = try make(Mimic.self, ["warm-up": .integer(known.warmUp)])
    for (round, victim) in zip(known.rounds, known.victims) {
      let (rows, chosen) = act(&attack, HonestUpdates(matrix(round)))
      #expect(chosen == Double(victim))
      for row in 0..<2 { #expect(rows.row(row) == matrix(round).row(victim)) }
    }
  }

  /// The signed argmax of the authors' code depends on the sign of a direction, which has none.
  @Test func theSignOfTheDirectionDoesNotMatter() throws {
    for sign in [1.0, -1] {
      var attack = try make(Mimic.self)
      let honest = matrix([[sign, 0], [2 * sign, 0], [-5 * sign, 0]])
      #expect(act(&attack, HonestUpdates(honest)).victim == 2)
    }
  }

  @Test func afterTheWarmUpTheVictimStays() throws {
    var attack = try make(Mimic.self, ["warm-up": .integer(1)])
    #expect(act(&attack, HonestUpdates(matrix([[1, 0], [2, 0], [-5, 0]]))).victim == 2)
    let later = act(&attack, HonestUpdates(matrix([[90, 0], [2, 0], [3, 4]])))
    #expect(later.victim == 2 && later.rows.values == [3, 4, 3, 4])
    // Where it takes no part the next one that does is copied.
    let others = HonestUpdates(
      all: matrix([[7, 7], [8, 8]]), rows: [0, 1], clients: [ClientID(0), ClientID(1)])
    #expect(act(&attack, others).victim == 1)
  }

  /// FLPoison's choice 0 is an attacker, since attackers come first there.
  @Test func aVictimIsAnHonestClient() throws {
    let setup = makeSetup(controlled: [ClientID(0), ClientID(1)])
    #expect(throws: ConfigurationError.self) {
      try make(Mimic.self, ["victim": .integer(0)], setup: setup)
    }
    var attack = try make(Mimic.self, ["victim": .integer(3)], setup: setup)
    let all = matrix([[9, 9], [8, 8], [1, 2], [3, 4]])
    let honest = HonestUpdates(all: all, rows: [2, 3], clients: [ClientID(2), ClientID(3)])
    let (rows, victim) = act(&attack, honest)
    #expect(rows.values == [3, 4, 3, 4] && victim == 3)
  }

  @Test func anAbsentVictimIsNotCopied() throws {
    var attack = try make(Mimic.self, ["victim": .integer(7)])
    let (rows, victim) = act(&attack, HonestUpdates(matrix([[1, 2], [3, 4]])))
    #expect(rows.values.allSatisfy { $0 == 0 } && victim == nil)
  }

  @Test func equalUpdatesGiveTheLowestClient() throws {
    var attack = try make(Mimic.self)
    #expect(act(&attack, HonestUpdates(matrix([[1, 2], [1, 2], [1, 2]]))).victim == 0)
    #expect(act(&attack, HonestUpdates(matrix([[1, 2]]))).victim == 0)
    // A direction is found as soon as there is one.
    #expect(act(&attack, HonestUpdates(matrix([[1, 0], [2, 0], [-5, 0]]))).victim == 2)
  }

  @Test func aCopyIsASnapshot() throws {
    let known = try Self.cases()[0]
    var attack = try make(Mimic.self, ["warm-up": .integer(known.warmUp)])
    _ = act(&attack, HonestUpdates(matrix(known.rounds[0])))
    var copy = attack
    for round in known.rounds.dropFirst() { _ = act(&copy, HonestUpdates(matrix(round))) }
    let next = act(&attack, HonestUpdates(matrix(known.rounds[1]))).victim
    #expect(next == Double(known.victims[1]))
  }

  @Test func withoutHonestRowsNothingChanges() throws {
    let rows = matrix([[1, 2]])
    let none = HonestUpdates(all: rows, rows: [], clients: [])
    for honest in [none, nil] {
      let (sent, record) = try make(Mimic.self).crafted(rows, view: makeView(1, honest: honest))
      #expect(sent == rows && record.isEmpty)
    }
  }

  @Test func knowledgeIsStated() throws {
    let model = try make(Mimic.self).threatModel
    #expect(model.knowledge == .honestUpdates && model.surface == .update)
    #expect(throws: ConfigurationError.self) { try make(Mimic.self, ["warm-up": .integer(0)]) }
  }
}
