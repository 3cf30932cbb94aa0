import Components
import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Testing

@testable import Attacks

@Suite struct SemanticBackdoorTests {
  /// A known answer of `Tests/Reference/attacks_semantic.py`.
  private struct Known: Decodable {
    var height: Int?
    var width: Int
    var region: String
    var side: String
    var quantile: Double
    var source: Int?
    var target: Int
    var inputs: [[Double]]
    var labels: [Int]
    var expected: [Int]

    var shape: InputShape {
      height.map { .image(height: $0, width: width, channels: 1) } ?? .vector(width)
    }
    var shard: Shard {
      Shard(inputs: matrix(inputs), labels: labels, classCount: 4, shape: shape)
    }
    var arguments: [String: ArgumentValue] {
      [
        "region": .text(region), "feature": .text(side), "quantile": .real(quantile),
        "source": source.map { .integer($0) } ?? .text("none"), "target": .integer(target),
      ]
    }
  }

  private func setup(
    test: Shard? = nil, classes: Int = 10, shape: InputShape = .vector(6), isFedSGD: Bool = false
  ) -> AttackSetup {
    AttackSetup(
      participantCount: 10, test: test, classCount: classes, shape: shape,
      layout: ParameterLayout([]), serverRate: 1, schedule: nil, isFedSGD: isFedSGD,
      seed: SeedPath(root: 1))
  }

  @Test func matchesReference() throws {
    for known in try decode("semantic.json", beside: #filePath) as [Known] {
      let shard = known.shard
      let attack = try make(
        SemanticBackdoor.self, known.arguments.merging(["ratio": .real(0)]) { $1 },
        setup: setup(test: shard, classes: 4, shape: known.shape))
      let dirty = attack.poisoned(shard)
      #expect(dirty.inputs == shard.inputs)
      let changed = shard.labels.indices.filter { dirty.labels[$0] != shard.labels[$0] }
      #expect(changed == known.expected, "\(known.region) \(known.side) \(known.quantile)")
      #expect(changed.allSatisfy { dirty.labels[$0] == known.target })
      guard case .backdoor(let backdoor) = attack.goal else {
        Issue.record("not a backdoor")
        continue
      }
      #expect(backdoor.examples?.shard == shard.selecting(known.expected))
      #expect(backdoor.target == known.target && backdoor.trigger == nil)
    }
  }

  /// Twenty examples of class 1, the higher the brighter.
  private let clean = makeShard(labels: .init(repeating: 1, count: 20))

  @Test func copiesFillTheRatio() throws {
    let attack = try make(
      SemanticBackdoor.self, ["quantile": .real(0.1), "ratio": .real(0.5)], setup: setup())
    let dirty = attack.poisoned(clean)
    #expect(dirty.labels.count { $0 == 0 } == 10)
    let bright = [18, 19].map { clean.inputs.row($0) }
    for row in 0..<20 {
      #expect(dirty.labels[row] == 0 ? bright.contains(dirty.inputs.row(row)) : true)
      if dirty.labels[row] == 1 { #expect(dirty.inputs.row(row) == clean.inputs.row(row)) }
    }
    // Five each: two of their own, four copies of each.
    #expect(bright.allSatisfy { one in (0..<20).count { dirty.inputs.row($0) == one } == 5 })
    #expect(attack.poisoned(clean) == dirty && attack.poisoned(clean, seed: 6) != dirty)
  }

  @Test func clientsWithoutTheClassAreHonest() throws {
    let attack = try make(SemanticBackdoor.self, ["source": .integer(4)], setup: setup())
    #expect(attack.poisoned(clean) == clean)
    let none = clean.selecting([])
    #expect(attack.poisoned(none) == none)
    let target = try make(SemanticBackdoor.self, ["target": .integer(1)], setup: setup())
    #expect(target.poisoned(clean) == clean)
  }

  @Test func everythingWithTheFeatureMayBeRelabelled() throws {
    let attack = try make(
      SemanticBackdoor.self, ["quantile": .real(1), "ratio": .real(1)], setup: setup())
    let dirty = attack.poisoned(clean)
    #expect(dirty.inputs == clean.inputs && dirty.labels.allSatisfy { $0 == 0 })
  }

  @Test func goalsOfOneSetAreEqualByWhatTheyAsk() throws {
    func goal(_ given: [String: ArgumentValue]) throws -> AttackGoal {
      try make(SemanticBackdoor.self, given, setup: setup(test: clean)).goal
    }
    #expect(try goal([:]) == goal(["ratio": .real(1)]))
    for other: [String: ArgumentValue] in [
      ["feature": .text("dark")], ["region": .text("left")], ["quantile": .real(0.2)],
      ["source": .integer(1)], ["target": .integer(2)],
    ] {
      #expect(try goal([:]) != goal(other))
    }
  }

  @Test func everyMisfitIsReportedAtOnce() {
    let error = #expect(throws: ConfigurationError.self) {
      try make(
        SemanticBackdoor.self,
        ["target": .integer(10), "source": .integer(11), "lr": .real(1)],
        setup: setup(test: clean, isFedSGD: true))
    }
    #expect(error?.problems.count == 4 && error?.isInfeasibility == false)
    #expect(error?.description.contains("no test example is of class 11") == true)
    let same = #expect(throws: ConfigurationError.self) {
      try make(SemanticBackdoor.self, ["target": .integer(1), "source": .integer(1)])
    }
    #expect(same?.description.contains("the same class, 1") == true)
  }
}
