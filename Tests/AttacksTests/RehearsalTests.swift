import Components
import Defenses
import Determinism
import Federation
import Kernels
import Tensors
import Testing

@testable import Attacks

/// Rehearsing leaves no trace, whatever the attack: the defense has a memory and draws at random here.
///
/// Where the other invariants of the papers are tested: Min-Max's radius and Min-Sum's sum in
/// `PerturbedMeanTests.theBoundIsKeptAndReached`, ALIE's bounds in `ALIETests.rowsStayWithinTheirBounds`,
/// the sign of IPM's inner product in `InnerProductManipulationTests.theMeanIsReversedWhereEpsilonFExceedsH`,
/// masked coordinates in `NeurotoxinTests.largeCoordinatesOfTheLastStepKeepTheirBits`, the ball in
/// `BallProjectionTests` and `NormBallTests`, parts of a trigger in `PeerDefectTests.partsAreWhereTheTriggerIs`.
@Suite struct RehearsalTests {
  static let rehearsing: [String] = builtInAttacks.compactMap { entry in
    guard let arguments = try? Arguments([:], for: entry.manifest, plan: plan),
      let attack = try? entry.make(arguments, makeSetup()),
      attack.threatModel.knowledge == .defense
    else { return nil }
    return entry.manifest.id.rawValue
  }

  private let honest: [[Double]] = [
    [1, 2, -1], [2, 1, 0], [1.5, 0, -2], [0.5, 3, -1], [1, 1, 1], [2, 2, -3],
  ]

  private func round(_ number: Int) -> RoundContext {
    RoundContext(
      round: number, global: [0, 0, 0], seed: SeedPath(root: 7).child(number),
      pool: WorkPool(width: 1))
  }

  private var updates: UpdateMatrix {
    UpdateMatrix(matrix(honest + [[0, 0, 0], [0, 0, 0]]))
  }

  /// Bucketing, then centered clipping that remembers one round.
  private func defense() throws -> DefensePipeline {
    let setup = DefenseSetup(participantCount: 8)
    let stage = try builtInStages.entry("bucketing", kind: "stage")
    let rule = try builtInAggregators.entry("centered-clipping", kind: "defense")
    var defense = DefensePipeline(
      stages: [try stage.make(try Arguments([:], for: stage.manifest), setup)],
      rule: try rule.make(try Arguments(["tau": .real(1)], for: rule.manifest), setup))
    var rows = updates
    _ = try defense.aggregate(&rows, in: round(0))
    return defense
  }

  @Test func someAttacksRehearse() { #expect(Self.rehearsing.count >= 4) }

  @Test(arguments: rehearsing) func theDefenseIsLeftAlone(attack id: String) throws {
    let entry = try #require(builtInAttacks.first { $0.manifest.id.rawValue == id })
    var attack = try entry.make(
      try Arguments([:], for: entry.manifest, plan: plan), makeSetup(participants: 8))
    var defense = try defense()
    var twin = try self.defense()
    let counter = RehearsalCounter()
    let before = updates
    let view = AttackerView(
      round: 1, global: [0, 0, 0], clients: [ClientID(6), ClientID(7)], participantCount: 8,
      weightShare: 0.25,
      honest: HonestUpdates(
        all: before.values, rows: Array(0..<6), clients: (0..<6).map { ClientID($0) }),
      probe: DefenseProbe(
        of: defense, updates: before, rows: [6, 7],
        context: round(1).with(seed: SeedPath(root: 9)), counter: counter))
    var rows = Matrix<Float>(rowCount: 2, columnCount: 3)
    var random = SeedPath(root: 5).stream()
    _ = attack.craft(&rows, view, random: &random)
    #expect(counter.rowCount > 0 && counter.rowCount.isMultiple(of: 8))
    // The rows of the round are those of before, and both defenses answer with the same bits for rounds.
    #expect(before.values == updates.values)
    for number in 1...3 {
      var (first, second) = (updates, updates)
      let answer = try defense.aggregate(&first, in: round(number)).update
      let other = try twin.aggregate(&second, in: round(number)).update
      #expect(answer == other)
    }
  }
}
