import Attacks
import Components
import Determinism
import Federation
import Kernels
import Tensors
import Testing

@Suite struct RelocatedOrthogonalPerturbationTests {
  @Test(arguments: try KnownCraft.load("rop.json"))
  func matchesReference(known: KnownCraft) throws {
    try known.check(RelocatedOrthogonalPerturbation.self)
  }

  @Test(arguments: [0, 30, 90, 135, 180, 270] as [Double])
  func theShiftHasItsAngleAndLength(angle: Double) throws {
    var known = try #require(
      KnownCraft.load("rop.json").first { $0.name == "7x5, angle 90" })
    known.arguments["angle"] = .number(angle)
    known.arguments["lambda"] = .number(1)
    let (rows, record) = try known.attack(RelocatedOrthogonalPerturbation.self)
      .crafted(known.ownRows, view: known.view())
    let models = try #require(known.models).rows
    let last = zip(models[1], models[0]).map { Double(Float($0) - Float($1)) }
    let shift = zip(rows.row(0), last).map { Double($0) - $1 }
    let length = Double.squaredNorm(shift.span).squareRoot()
    #expect(abs(length - (record["length"] ?? 0)) < 1e-6)
    let cosine =
      Double.dot(shift.span, last.span) / length / Double.squaredNorm(last.span).squareRoot()
    #expect(abs(cosine - ElementaryFunctions.cos(angle * Double.pi / 180)) < 1e-6)
  }

  @Test func onlyTheLastStepCounts() throws {
    let known = try #require(
      KnownCraft.load("rop.json").first { $0.name == "7x5, angle 90" })
    var longer = known
    longer.models = KnownRows([[9, 9, 9, 9, 9]] + (known.models?.rows ?? []))
    let first = try known.attack(RelocatedOrthogonalPerturbation.self)
      .crafted(known.ownRows, view: known.view())
    let second = try longer.attack(RelocatedOrthogonalPerturbation.self)
      .crafted(known.ownRows, view: known.view())
    #expect(first.rows == second.rows)
  }

  @Test func withoutHonestRowsNothingChanges() throws {
    let attack = try make(RelocatedOrthogonalPerturbation.self)
    let rows = matrix([[1, 2]])
    let none = HonestUpdates(all: rows, rows: [], clients: [])
    for honest in [none, nil] {
      let (sent, record) = attack.crafted(rows, view: makeView(1, honest: honest))
      #expect(sent == rows && record.isEmpty)
    }
    let empty = Matrix<Float>(rowCount: 0, columnCount: 2)
    #expect(attack.crafted(empty, view: makeView(0, honest: HonestUpdates(rows))).record.isEmpty)
  }

  @Test func knowledgeIsStated() throws {
    let model = try make(RelocatedOrthogonalPerturbation.self).threatModel
    #expect(model.knowledge == .honestUpdates && model.surface == .update)
    #expect(RelocatedOrthogonalPerturbation.tier == .omniscient)
    for given in [["angle": -1], ["angle": 361], ["pi": 2], ["lambda": -0.1], ["z": 0]] {
      #expect(throws: ConfigurationError.self) {
        try make(
          RelocatedOrthogonalPerturbation.self, given.mapValues { ArgumentValue.real($0) })
      }
    }
  }
}
