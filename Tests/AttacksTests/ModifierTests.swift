import Attacks
import Components
import Determinism
import Federation
import Kernels
import Tensors
import Testing
import Training

@Suite struct ModifierTests {
  /// What has to be given to each.
  private static let given: [String: [String: ArgumentValue]] = [
    "norm-ball": ["radius": .real(1)], "norm-bound": ["bound": .real(1)],
  ]

  private func make(
    _ id: String, isFedSGD: Bool = false
  ) throws -> any AttackModifier {
    let entry = try builtInModifiers.entry(ComponentID(id), kind: "modifier")
    let arguments = try Arguments(Self.given[id] ?? [:], for: entry.manifest, plan: plan)
    return try entry.make(arguments, makeSetup(isFedSGD: isFedSGD))
  }

  @Test(arguments: builtInModifiers.map(\.manifest.id.rawValue))
  func keepsTheContract(id: String) throws {
    let entry = try builtInModifiers.entry(ComponentID(id), kind: "modifier")
    let manifest = entry.manifest
    #expect(!manifest.summary.isEmpty && !manifest.formula.isEmpty && !manifest.sources.isEmpty)
    #expect(manifest.parameters.allSatisfy { !$0.help.isEmpty })
    let modifier = try make(id)
    let model = modifier.threatModel
    #expect(model.surface == .training || model.surface == .update)
    let rows = matrix([[0.5, -1, 2], [1, 1, 1]])
    let view = makeView(2, honest: HonestUpdates(matrix([[1, 2, 3], [3, 2, 1]])))
    let first = modifier.transformed(rows, view: view)
    #expect(first.rows == modifier.transformed(rows, view: view).rows)
    if model.surface == .training { #expect(first.rows == rows && first.record.isEmpty) }
    if model.surface == .update { #expect(modifier.hook(for: LocalTask().job()) == nil) }
    let none = Matrix<Float>(rowCount: 0, columnCount: 3)
    #expect(modifier.transformed(none, view: makeView(0)).record.isEmpty)
  }

  @Test(arguments: builtInModifiers.map(\.manifest.id.rawValue))
  func trainingModifiersAreRefusedUnderFedSGD(id: String) throws {
    guard try make(id).threatModel.surface == .training else {
      #expect(throws: Never.self) { try make(id, isFedSGD: true) }
      return
    }
    let error = #expect(throws: ConfigurationError.self) { try make(id, isFedSGD: true) }
    #expect(error?.isInfeasibility == false)
    #expect(
      error?.description.hasSuffix("needs local training; under FedSGD clients send one gradient")
        == true)
  }

  @Test func boostFollowsRateAndShare() throws {
    let rows = matrix([[1, 0], [0, 1]])
    let auto = try AttacksTests.make(modifier: Boost.self, setup: makeSetup(serverRate: 0.5))
    let (sent, record) = auto.transformed(rows, view: makeView(2, share: 0.2))
    #expect(record == ["boost": 10] && sent.values == [10, 0, 0, 10])
    let fixed = try AttacksTests.make(modifier: Boost.self, ["gamma": .real(3)])
    #expect(fixed.transformed(rows, view: makeView(2)).record == ["boost": 3])
    #expect(throws: ConfigurationError.self) {
      try AttacksTests.make(modifier: Boost.self, setup: makeSetup(serverRate: 0))
    }
  }

  @Test func normBoundLeavesShortRowsAlone() throws {
    let modifier = try AttacksTests.make(modifier: NormBound.self, ["bound": .real(5)])
    let rows = matrix([[30, 40], [3, 4], [0.1, 0], [0, 0]])
    let (sent, record) = modifier.transformed(rows, view: makeView(4))
    #expect(sent == matrix([[3, 4], [3, 4], [0.1, 0], [0, 0]]) && record == ["shortened": 1])
    let broken = Matrix<Float>(rows: [[.nan, 100]])
    #expect(modifier.transformed(broken, view: makeView(1)).rows.values[1] == 100)
  }

  @Test func theClampIsTheSpreadOfTheHonestRows() throws {
    // Means 1, 10 and −2; deviations 1, 0 and 3.
    let honest = matrix([[0, 10, -5], [2, 10, 1], [99, 99, 99]])
    let known = HonestUpdates(all: honest, rows: [0, 1], clients: [ClientID(0), ClientID(1)])
    let modifier = try AttacksTests.make(modifier: ALIEClamp.self, ["z": .real(2)])
    let rows = Matrix<Float>(rows: [[5, 11, -9], [-0.5, 10, 4], [.nan, 9, -2]])
    let (sent, record) = modifier.transformed(rows, view: makeView(3, honest: known))
    #expect(sent.row(0) == [3, 10, -8])
    #expect(sent.row(1) == [-0.5, 10, 4])
    #expect(sent.row(2)[0].isNaN && sent.row(2)[1] == 10 && sent.row(2)[2] == -2)
    #expect(record == ["clamped": 4.0 / 9])
    #expect(modifier.threatModel.knowledge == .honestUpdates)
    let alone = modifier.transformed(rows, view: makeView(3))
    #expect(alone.record.isEmpty && alone.rows.row(0) == rows.row(0))
  }

  @Test func theClampAgreesWithTheKernelForAnyPool() throws {
    var random = SeedPath(root: 31).stream()
    let width = 9000
    let honest = Matrix(
      rowCount: 5, columnCount: width, values: (0..<5 * width).map { _ in Float(random.normal()) })
    let (mean, deviation) = honest.meanAndDeviation(pool: WorkPool(width: 1))
    let rows = Matrix<Float>(
      rowCount: 1, columnCount: width, values: .init(repeating: 1e6, count: width))
    let modifier = try AttacksTests.make(modifier: ALIEClamp.self, ["z": .real(1)])
    func sent(_ threads: Int) -> [Float] {
      let view = AttackerView(
        round: 0, global: [], clients: [ClientID(9)], participantCount: 6, weightShare: 1.0 / 6,
        honest: HonestUpdates(honest), pool: WorkPool(width: threads))
      return modifier.transformed(rows, view: view).rows.values
    }
    let one = sent(1)
    #expect(agree(one, zip(mean, deviation).map { Double($0) + Double($1) }))
    #expect(one == sent(2) && one == sent(5))
  }
}
