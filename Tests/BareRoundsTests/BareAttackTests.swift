import Attacks
import BareRounds
import Components
import Defenses
import Determinism
import Federation
import Kernels
import Tensors
import Testing

@Suite struct BareAttackTests {
  private let honest = Matrix<Float>(rows: [[1, 2], [3, 4], [5, 9]])
  private let pool = WorkPool(width: 1)

  private func attack(_ text: String, attackers: Int = 2) throws -> BareAttack {
    try BareAttack(
      AttackExpression(
        ComponentExpression(text),
        catalog: Catalog(attacks: builtInAttacks, aggregators: builtInAggregators)),
      attackerCount: attackers, honestCount: 3, columnCount: 2, seed: 1)
  }

  @Test func `attackers have trained what they say, or what honest clients did`() throws {
    var flip = try attack("sign-flip:scale=2", attackers: 4)
    #expect(
      try flip.craft(honest: honest, pool: pool).rows
        == Matrix(rows: [[-2, -4], [-6, -8], [-10, -18], [-2, -4]]))
    let own = Matrix<Float>(rows: [[1, -1], [0, 7], [0, 0], [2, 2]])
    #expect(
      try flip.craft(own: own, honest: honest, pool: pool).rows
        == Matrix(rows: [[-2, 2], [0, -14], [0, 0], [-4, -4]]))
    #expect(own.row(0) == [1, -1])
  }

  @Test func `a rehearsal needs the defense`() throws {
    var attack = try attack("opt-ipm")
    #expect(attack.rehearses)
    #expect(throws: BareRoundError("opt-ipm: rehearses the defense, and none is given")) {
      _ = try attack.craft(honest: honest, pool: pool)
    }
    let median = try DefenseExpression(stages: [], rule: "median", catalog: .defenses)
    #expect(try attack.craft(honest: honest, defense: median, pool: pool).rows.rowCount == 2)
    let trust = try DefenseExpression(stages: [], rule: "fltrust", catalog: .defenses)
    #expect(throws: BareRoundError("fltrust: needs what the server's own data gives")) {
      _ = try attack.craft(honest: honest, defense: trust, pool: pool)
    }
  }

  @Test func `what does not fit is refused`() throws {
    var attack = try attack("alie")
    let broken = Matrix<Float>(rows: [[1, 2], [3, .nan], [5, 9]])
    #expect(throws: BareRoundError("row 1 has values that are not finite; an honest row has none"))
    {
      _ = try attack.craft(honest: broken, pool: pool)
    }
    #expect(throws: BareRoundError.self) {
      _ = try attack.craft(honest: Matrix(rows: [[1, 2]]), pool: pool)
    }
    #expect(throws: BareRoundError.self) {
      _ = try attack.craft(own: Matrix(rows: [[1, 2]]), honest: honest, pool: pool)
    }
    #expect(throws: BareRoundError.self) {
      _ = try attack.craft(own: Matrix(rows: [[1, 2], [.nan, 1]]), honest: honest, pool: pool)
    }
  }

  @Test func `attacks that poison data are refused before their parameters are`() {
    #expect(
      throws: BareRoundError(
        "label-flip: poisons data or trains, so it cannot be crafted from a matrix of updates")
    ) { try attack("label-flip") }
    #expect(throws: ConfigurationError.self) { try attack("alice") }
    #expect(throws: ConfigurationError.self) { try attack("alie:zz=1") }
  }

  @Test func `memory goes from round to round, and not from a round that fails`() throws {
    var remembering = try attack("mimic", attackers: 1)
    var steady = remembering
    let later = Matrix<Float>(rows: [[-9, 1], [0, 0.5], [2, -1]])
    for (number, rows) in [honest, later, honest].enumerated() {
      let wanted = try steady.craft(honest: rows, number: number, pool: pool)
      var broken = rows
      broken.setRow(1, to: ([.nan, 1] as [Float]).span)
      #expect(throws: BareRoundError.self) {
        _ = try remembering.craft(honest: broken, number: number, pool: pool)
      }
      let found = try remembering.craft(honest: rows, number: number, pool: pool)
      #expect(found.rows == wanted.rows && found.figures == wanted.figures)
    }
    #expect(throws: BareRoundError("round -1 is before round 0")) {
      _ = try remembering.craft(honest: honest, number: -1, pool: pool)
    }
  }

  @Test func `a rehearsed defense remembers the rounds that it was shown`() throws {
    let clipping = try DefenseExpression(
      stages: [], rule: "centered-clipping:tau=0.5", catalog: .defenses)
    let median = try DefenseExpression(stages: [], rule: "median", catalog: .defenses)
    func figures(_ defense: DefenseExpression, after: [Matrix<Float>]) throws -> [String: Double] {
      var attack = try attack("opt-ipm")
      for (number, rows) in after.enumerated() {
        _ = try attack.craft(honest: rows, defense: defense, number: number, pool: pool)
      }
      return try attack.craft(honest: honest, defense: defense, number: 2, pool: pool).figures
    }
    let earlier = [Matrix<Float>(rows: [[40, -7], [44, -6], [41, -9]]), honest]
    #expect(try figures(clipping, after: earlier) != figures(clipping, after: []))
    #expect(try figures(median, after: earlier) == figures(median, after: []))
  }
}
