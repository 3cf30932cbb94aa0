import Components
import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Testing

@testable import Attacks

@Suite struct DistributedBackdoorTests {
  /// Builds the attack of a reference case.
  private func attack(
    _ known: TrainingAttackFixtures.Parts
  ) throws -> (attack: DistributedBackdoor, shape: InputShape) {
    var given: [String: ArgumentValue] = [
      "size": .integer(known.size), "parts": .integer(known.parts), "ratio": .real(1),
    ]
    if let corner = known.corner { given["corner"] = .text(corner) }
    let shape: InputShape =
      if let height = known.height, let width = known.width {
        .image(height: height, width: width, channels: 1)
      } else {
        .vector(known.features ?? 0)
      }
    let setup = makeSetup(controlled: known.controlled.map { ClientID($0) }, shape: shape)
    return (try make(DistributedBackdoor.self, given, setup: setup), shape)
  }

  @Test(arguments: try TrainingAttackFixtures.load().dba)
  func partsMatchReference(known: TrainingAttackFixtures.Parts) throws {
    let (attack, shape) = try attack(known)
    guard case .backdoor(let whole) = attack.goal, let trigger = whole.trigger else {
      Issue.record("not a backdoor")
      return
    }
    #expect(trigger.positions == known.expected.union)
    let parts = DistributedBackdoor.cut(trigger, into: known.parts)
    #expect(parts.map(\.positions) == known.expected.groups)
    // Disjoint, and together the trigger.
    #expect(parts.flatMap(\.positions) == trigger.positions)
    #expect(parts.flatMap(\.values) == trigger.values)
    #expect(attack.evaluated.compactMap(\.trigger) == (known.parts == 1 ? [] : parts))
    #expect(attack.evaluated.allSatisfy { $0.target == whole.target && $0.source == whole.source })

    let clean = makeShard(labels: [1, 2], shape: shape)
    for assignment in known.expected.assigned {
      let client = ClientID(assignment[0])
      #expect(attack.part(of: client) == assignment[1])
      let dirty = attack.poisoned(clean, of: client)
      let marked = (0..<shape.count).filter {
        dirty.inputs.row(1)[$0] != clean.inputs.row(1)[$0]
      }
      #expect(marked == known.expected.groups[assignment[1]])
      #expect(dirty.labels == [0, 0])
    }
  }

  @Test func morePartsThanPositionsAreRefused() throws {
    for known in try TrainingAttackFixtures.load().dbaRefused {
      let error = #expect(throws: ConfigurationError.self) {
        try make(
          DistributedBackdoor.self,
          ["size": .integer(known.positions), "parts": .integer(known.parts)],
          setup: makeSetup(shape: .vector(20)))
      }
      #expect(error?.problems.count == 1)
      guard known.parts > 0 else { continue }
      #expect(
        error?.description
          == "dba: a trigger of \(known.positions) features cannot be cut into \(known.parts) parts"
      )
    }
  }

  @Test func triggersThatAreDrawnPerExampleAreRefused() {
    let error = #expect(throws: ConfigurationError.self) {
      try make(
        DistributedBackdoor.self, ["trigger": .text("random-per-sample"), "size": .integer(5)])
    }
    #expect(error?.description.contains("drawn anew for each example") == true)
    #expect(throws: Never.self) {
      try make(DistributedBackdoor.self, ["trigger": .text("random"), "size": .integer(5)])
    }
  }

  @Test func partsOfColorImagesAreWholePixels() throws {
    let shape = InputShape.image(height: 4, width: 4, channels: 3)
    let given: [String: ArgumentValue] = [
      "size": .integer(3), "corner": .text("top-left"), "parts": .integer(4),
    ]
    let attack = try make(DistributedBackdoor.self, given, setup: makeSetup(shape: shape))
    // Nine pixels in rows of four: 0, 1, 2, then 4, 5, 6, then 8, 9, 10.
    let pixels: [[Int]] = [[0, 1, 2], [4, 5], [6, 8], [9, 10]]
    let positions = attack.evaluated.compactMap { $0.trigger?.positions }
    #expect(positions == pixels.map { $0.flatMap { Array($0 * 3..<$0 * 3 + 3) } })
    let error = #expect(throws: ConfigurationError.self) {
      try make(
        DistributedBackdoor.self, given.merging(["size": .integer(1)]) { $1 },
        setup: makeSetup(shape: shape))
    }
    #expect(
      error?.description == "dba: a trigger of 1 pixels cannot be cut into 4 parts")
  }

  @Test func everybodyHasTheFirstPartOnABareMatrix() throws {
    let attack = try make(DistributedBackdoor.self, ["size": .integer(4)])
    #expect(attack.part(of: ClientID(17)) == 0)
  }

  @Test func poisonsAsManyExamplesAsTheBackdoor() throws {
    let given: [String: ArgumentValue] = ["ratio": .real(0.5), "size": .integer(4)]
    let shard = makeShard(labels: [1, 2, 3, 4, 5, 6, 7])
    let whole = try make(BackdoorAttack.self, given).poisoned(shard)
    let part = try make(DistributedBackdoor.self, given).poisoned(shard)
    #expect(part.labels == whole.labels)
    let single = try make(
      DistributedBackdoor.self, given.merging(["parts": .integer(1)]) { $1 })
    #expect(single.poisoned(shard) == whole && single.evaluated.isEmpty)
  }

  @Test func theFactorIsRecordedAndFollowsTheShare() throws {
    let rows = matrix([[1, 2]])
    let given: [String: ArgumentValue] = ["size": .integer(4)]
    let plain = try make(DistributedBackdoor.self, given)
    #expect(plain.crafted(rows, view: makeView(1)).rows == rows)
    #expect(plain.threatModel.surface == .data)
    let full = try make(
      DistributedBackdoor.self, given.merging(["gamma": .text("auto")]) { $1 },
      setup: makeSetup(serverRate: 0.5))
    let (sent, record) = full.crafted(rows, view: makeView(1))
    #expect(record == ["gamma": 20] && sent.values == [20, 40])
    #expect(full.threatModel.surface == [.data, .update])
  }
}
