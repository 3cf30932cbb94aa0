import Attacks
import Components
import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Testing

@Suite struct BlendedBackdoorTests {
  /// A known answer of `Tests/Reference/attacks_blended.py`.
  private struct Known: Decodable {
    var size: Int
    var value: Double
    var share: Double
    var mean: Float
    var deviation: Float
    var inputs: [[Double]]
    var expected: [[Double]]
  }

  private func make(
    _ given: [String: ArgumentValue], shape: InputShape = .vector(6), seed: UInt64 = 1,
    normalization: Normalization? = nil
  ) throws -> BlendedBackdoor {
    let setup = AttackSetup(
      participantCount: 10, classCount: 10, shape: shape, normalization: normalization,
      layout: ParameterLayout([]), serverRate: 1, schedule: nil, seed: SeedPath(root: seed))
    return try AttacksTests.make(
      BlendedBackdoor.self, given.merging(["ratio": .real(1)]) { own, _ in own }, setup: setup)
  }

  @Test func matchesReference() throws {
    for known in try decode("blended.json", beside: #filePath) as [Known] {
      let inputs = matrix(known.inputs)
      let attack = try make(
        [
          "pattern": .text("trigger"), "size": .integer(known.size), "value": .real(known.value),
          "share": .real(known.share),
        ], shape: .vector(inputs.columnCount),
        normalization: Normalization(mean: [known.mean], deviation: [known.deviation]))
      let dirty = attack.poisoned(
        Shard(
          inputs: inputs, labels: [1, 2, 3], classCount: 10, shape: .vector(inputs.columnCount)))
      for row in 0..<3 { #expect(agree(dirty.inputs.row(row), known.expected[row])) }
      #expect(dirty.labels == [0, 0, 0])
    }
  }

  @Test func noiseCoversTheInputAndFollowsTheSeed() throws {
    let zeros = Shard(
      inputs: Matrix(rowCount: 2, columnCount: 40), labels: [1, 2], classCount: 10,
      shape: .vector(40))
    func pattern(_ seed: UInt64) throws -> [[Float]] {
      let attack = try make(
        ["share": .real(0.5), "value": .real(4)], shape: .vector(40), seed: seed)
      let dirty = attack.poisoned(zeros)
      return [dirty.inputs.row(0), dirty.inputs.row(1)]
    }
    let first = try pattern(1)
    #expect(first[0] == first[1] && Set(first[0]).count == 40)
    #expect(first[0].allSatisfy { (0..<2).contains($0) } && (first[0].max() ?? 0) > 1.5)
    #expect(try pattern(1) == first)
    #expect(try pattern(2) != first)
  }

  @Test func aShareOfZeroChangesLabelsAlone() throws {
    let clean = makeShard(labels: [1, 2, 3])
    let dirty = try make(["share": .real(0)]).poisoned(clean)
    #expect(dirty.inputs == clean.inputs && dirty.labels == [0, 0, 0])
  }

  @Test func aShareOfOneIsTheBackdoor() throws {
    let clean = makeShard(labels: [1, 2, 3, 4])
    let all: [String: ArgumentValue] = ["ratio": .real(0.5)]
    let blended = try make(
      all.merging(["share": .real(1), "pattern": .text("trigger")]) { $1 }
    ).poisoned(clean)
    #expect(try blended == AttacksTests.make(BackdoorAttack.self, all).poisoned(clean))
  }

  @Test func drawnFeaturesAreRaisedByTheShare() throws {
    let attack = try make([
      "pattern": .text("trigger"), "trigger": .text("random-per-sample"), "size": .integer(6),
      "value": .real(8), "share": .real(0.25),
    ])
    let clean = makeShard(labels: [1])
    #expect(attack.poisoned(clean).inputs.row(0) == clean.inputs.row(0).map { $0 + 2 })
  }

  @Test func theGoalIsTheSameMixture() throws {
    guard case .backdoor(let backdoor) = try make(["pattern": .text("trigger")]).goal else {
      Issue.record("not a backdoor")
      return
    }
    #expect(backdoor.trigger == Trigger(positions: [0, 1], values: [1, 1]).blended(by: 0.2))
    #expect(backdoor.trigger?.part(1..<2).share == 0.2)
  }

  @Test func everyMisfitIsReportedAtOnce() {
    let error = #expect(throws: ConfigurationError.self) {
      try make(["size": .integer(7), "target": .integer(10), "source": .integer(11)])
    }
    #expect(error?.problems.count == 3)
  }
}
