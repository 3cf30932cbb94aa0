import Attacks
import Components
import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Testing

@Suite struct BackdoorAttackTests {
  @Test func poisonsAsManyExamplesAsTheReference() throws {
    for known in try AttackFixtures.load().poisonCounts {
      let attack = try make(
        BackdoorAttack.self, ["ratio": .real(known.ratio), "target": .integer(3)])
      let clean = makeShard(labels: .init(repeating: 1, count: known.samples))
      let dirty = attack.poisoned(clean)
      #expect(dirty.labels.count { $0 == 3 } == known.expected, "\(known)")
      for row in 0..<known.samples {
        let isMarked = dirty.inputs.row(row).prefix(2) == [1, 1]
        #expect(isMarked == (dirty.labels[row] == 3))
        #expect(dirty.inputs.row(row).dropFirst(2) == clean.inputs.row(row).dropFirst(2))
      }
    }
  }

  @Test func allToOneDrawsFromTheTargetClassToo() throws {
    let attack = try make(BackdoorAttack.self, ["ratio": .real(1)])
    let dirty = attack.poisoned(makeShard(labels: [0, 0, 1, 2]))
    #expect(dirty.labels == [0, 0, 0, 0])
    #expect((0..<4).allSatisfy { dirty.inputs.row($0).prefix(2) == [1, 1] })
  }

  @Test func sourceToTargetLeavesOtherClassesAlone() throws {
    let attack = try make(
      BackdoorAttack.self,
      ["ratio": .real(0.5), "source": .integer(4), "target": .integer(2)])
    let clean = makeShard(labels: [4, 1, 4, 2, 4, 4, 4, 0])
    let dirty = attack.poisoned(clean)
    #expect(dirty.labels.count { $0 == 4 } == 3)  // floor(0.5 * 5) of 5 are gone
    for row in 0..<8 where clean.labels[row] != 4 {
      #expect(dirty.labels[row] == clean.labels[row])
      #expect(dirty.inputs.row(row) == clean.inputs.row(row))
    }
  }

  @Test func randomTriggerIsFixedForTheRunAndPerSampleIsNot() throws {
    func positions(_ pattern: String) throws -> [[Int]] {
      let attack = try make(
        BackdoorAttack.self,
        ["trigger": .text(pattern), "ratio": .real(1), "size": .integer(3), "value": .real(-9)],
        setup: makeSetup(shape: .vector(40)))
      let clean = makeShard(labels: [1, 2, 3, 4], shape: .vector(40))
      let dirty = attack.poisoned(clean)
      return (0..<4).map { row in
        (0..<40).filter { dirty.inputs.row(row)[$0] != clean.inputs.row(row)[$0] }
      }
    }
    let fixed = try positions("random")
    #expect(fixed[0].count == 3 && Set(fixed).count == 1)
    let drawn = try positions("random-per-sample")
    #expect(drawn.allSatisfy { $0.count == 3 } && Set(drawn).count > 1)
  }

  @Test func boostScalesTheUpdateAndIsRecorded() throws {
    let rows = matrix([[1, -2], [0.5, 3]])
    let plain = try make(BackdoorAttack.self).crafted(rows, view: makeView(2))
    #expect(plain.rows == rows && plain.record == ["boost": 1])
    let boosted = try make(BackdoorAttack.self, ["boost": .real(10)])
      .crafted(rows, view: makeView(2))
    #expect(boosted.rows.values == [10, -20, 5, 30] && boosted.record == ["boost": 10])
  }

  @Test func surfaceSaysWhereItActs() throws {
    #expect(try make(BackdoorAttack.self).threatModel.surface == .data)
    let all = try make(BackdoorAttack.self, ["boost": .real(2), "lr": .real(0.5)])
    #expect(all.threatModel.surface == [.data, .training, .update])
  }

  @Test func goalCarriesTheTrigger() throws {
    let attack = try make(
      BackdoorAttack.self, ["target": .integer(3), "source": .integer(5)],
      setup: makeSetup(shape: .image(height: 3, width: 3, channels: 1)))
    guard case .backdoor(let backdoor) = attack.goal else {
      Issue.record("not a backdoor")
      return
    }
    #expect(backdoor.target == 3 && backdoor.source == 5)
    #expect(backdoor.trigger?.positions == [4, 5, 7, 8])
  }

  @Test func everyMisfitIsReportedAtOnce() {
    let error = #expect(throws: ConfigurationError.self) {
      try make(
        BackdoorAttack.self,
        ["size": .integer(7), "target": .integer(10), "source": .integer(10), "lr": .real(1)],
        setup: makeSetup(isFedSGD: true))
    }
    #expect(error?.problems.count == 5)
    #expect(error?.isInfeasibility == false)
    let text = error?.description ?? ""
    #expect(text.contains("backdoor: target 10 is not one of the 10 classes"))
    #expect(text.contains("backdoor: a 'square' trigger of size 7 does not fit inputs of 6"))
    #expect(text.contains("the same class, 10"))
  }

  @Test func badParameterValuesAreRefused() {
    for given: [String: ArgumentValue] in [
      ["ratio": .real(1.5)], ["boost": .real(0)], ["boost": .real(.nan)],
      ["boost": .real(.infinity)],
      ["lr": .text("fast")], ["epochs": .integer(0)], ["trigger": .text("circle")],
      ["corner": .text("middle")], ["size": .integer(0)],
    ] {
      #expect(throws: ConfigurationError.self, "\(given)") {
        try make(BackdoorAttack.self, given)
      }
    }
  }
}
