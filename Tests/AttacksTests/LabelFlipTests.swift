import Attacks
import Components
import Datasets
import Federation
import Kernels
import Tensors
import Testing

@Suite struct LabelFlipTests {
  @Test func matchesReference() throws {
    for known in try AttackFixtures.load().labelFlips {
      var given: [String: ArgumentValue] = ["mode": .text(known.mode)]
      if let source = known.source { given["source"] = .integer(source) }
      if let target = known.target { given["target"] = .integer(target) }
      let setup = makeSetup(classes: known.classes)
      guard known.source == nil || known.source != known.target else {
        // The reference leaves such labels alone; here that attack is refused as pointless.
        #expect(throws: ConfigurationError.self) { try make(LabelFlip.self, given, setup: setup) }
        continue
      }
      let attack = try make(LabelFlip.self, given, setup: setup)
      let shard = makeShard(labels: known.labels, classes: known.classes)
      #expect(attack.poisoned(shard).labels == known.expected, "\(known)")
      #expect(attack.poisoned(shard).inputs == shard.inputs)
    }
  }

  @Test func randomTakesEveryOtherLabelEquallyOften() throws {
    let attack = try make(LabelFlip.self, ["mode": .text("random")], setup: makeSetup(classes: 4))
    let shard = makeShard(labels: .init(repeating: 2, count: 9000), classes: 4)
    let flipped = attack.poisoned(shard).labels
    for label in [0, 1, 3] { #expect(abs(flipped.count { $0 == label } - 3000) < 250) }
    #expect(!flipped.contains(2))
  }

  @Test func allToOneLeavesTheTargetAlone() throws {
    let given: [String: ArgumentValue] = ["mode": .text("all-to-one"), "target": .integer(0)]
    let attack = try make(LabelFlip.self, given, setup: makeSetup(classes: 3))
    let shard = makeShard(labels: [0, 1, 2, 2, 0], classes: 3)
    #expect(attack.poisoned(shard).labels == [0, 0, 0, 0, 0])
    #expect(attack.poisoned(shard).inputs == shard.inputs)
    // The source has no part, and may be the target.
    let same = given.merging(["source": .integer(0)]) { $1 }
    #expect(try make(LabelFlip.self, same, setup: makeSetup(classes: 3)).goal == .degrade)
  }

  /// FLPoison takes a source of 0 for none at all.
  @Test func classZeroIsASource() throws {
    let attack = try make(LabelFlip.self, ["source": .integer(0), "target": .integer(2)])
    #expect(attack.poisoned(makeShard(labels: [0, 1, 2, 0])).labels == [2, 1, 2, 2])
    #expect(attack.goal == .misclassify(source: 0))
  }

  @Test func goalDependsOnTheMode() throws {
    #expect(try make(LabelFlip.self).goal == .misclassify(source: 1))
    #expect(try make(LabelFlip.self, ["mode": .text("inverse")]).goal == .degrade)
  }

  @Test func classesAreCheckedWhereTheyAreUsed() throws {
    let setup = makeSetup(classes: 5)
    #expect(throws: ConfigurationError.self) { try make(LabelFlip.self, setup: setup) }
    #expect(throws: Never.self) {
      try make(LabelFlip.self, ["mode": .text("inverse")], setup: setup)
    }
    for mode in ["random", "all-to-one"] {
      #expect(throws: ConfigurationError.self) {
        try make(LabelFlip.self, ["mode": .text(mode)], setup: makeSetup(classes: 1))
      }
    }
    #expect(throws: ConfigurationError.self) {
      try make(LabelFlip.self, ["mode": .text("all-to-one")], setup: setup)
    }
  }
}
