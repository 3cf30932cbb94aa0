import Components
import Datasets
import Determinism
import Federation
import Foundation
import Tensors
import Testing

@Suite struct TriggerTests {
  private let seed = SeedPath(root: 9)

  /// Builds a trigger of the catalog.
  private func make(
    _ id: ComponentID, size: Int, value: Double = 1, corner: String? = nil, top: Int? = nil,
    left: Int? = nil, on shape: InputShape, normalization: Normalization? = nil,
    seed: SeedPath? = nil
  ) throws(ConfigurationError) -> Trigger {
    let entry = try builtInTriggers.entry(id, kind: "trigger")
    var given: [String: ArgumentValue] = ["size": .integer(size), "value": .real(value)]
    if let corner { given["corner"] = .text(corner) }
    if let top { given["top"] = .integer(top) }
    if let left { given["left"] = .integer(left) }
    return try entry.make(
      Arguments(given, for: entry.manifest),
      TriggerSetup(shape: shape, normalization: normalization, seed: seed ?? self.seed))
  }

  private func applied(_ trigger: Trigger, to features: [Float], seed: UInt64 = 1) -> [Float] {
    var features = features
    var random = SeedPath(root: seed).stream()
    var span = features.mutableSpan
    trigger.apply(to: &span, random: &random)
    return features
  }

  /// The known answers of `Tests/Reference/attacks.py`, shared with the attacks.
  private struct Fixtures: Decodable {
    struct Vector: Decodable {
      var size: Int
      var value: Float
      var features: [Float]
      var expected: [Float]
    }
    struct Image: Decodable {
      var height: Int
      var width: Int
      var corner: String
      var size: Int
      var value: Float
      var indices: [Int]
      var features: [Float]
      var expected: [Float]
    }
    var vectorTriggers: [Vector]
    var imageTriggers: [Image]

    static func load(file: String = #filePath) throws -> Self {
      let url = URL(fileURLWithPath: file).deletingLastPathComponent()
        .appendingPathComponent("../AttacksTests/Fixtures/attacks.json")
      return try JSONDecoder().decode(Self.self, from: Data(contentsOf: url))
    }
  }

  @Test func squareOnAVectorMatchesReference() throws {
    for known in try Fixtures.load().vectorTriggers {
      let shape = InputShape.vector(known.features.count)
      guard known.size > 0 else {
        #expect(throws: ConfigurationError.self) { try make("square", size: 0, on: shape) }
        continue
      }
      let trigger = try make("square", size: known.size, value: Double(known.value), on: shape)
      #expect(applied(trigger, to: known.features) == known.expected)
    }
  }

  @Test func squareOnAnImageMatchesReference() throws {
    for known in try Fixtures.load().imageTriggers {
      let trigger = try make(
        "square", size: known.size, value: Double(known.value), corner: known.corner,
        on: .image(height: known.height, width: known.width, channels: 1))
      #expect(trigger.positions == known.indices)
      #expect(applied(trigger, to: known.features) == known.expected)
    }
  }

  @Test func squareCoversEveryChannel() throws {
    let shape = InputShape.image(height: 2, width: 2, channels: 3)
    let trigger = try make("square", size: 1, corner: "top-right", on: shape)
    #expect(trigger.positions == [3, 4, 5] && trigger.values == [1, 1, 1])
  }

  @Test func valuesAreStatedBeforeNormalization() throws {
    let shape = InputShape.image(height: 1, width: 2, channels: 2)
    let normalization = Normalization(mean: [0.5, 0.25], deviation: [0.5, 0.125])
    let square = try make("square", size: 1, on: shape, normalization: normalization)
    #expect(square.positions == [2, 3] && square.values == [1, 6])
    // Raising goes by the deviation alone: the mean cancels.
    let drawn = try make("random-per-sample", size: 1, on: shape, normalization: normalization)
    #expect(drawn.raises == [2, 8])
    let marked = applied(drawn, to: [0, 0, 0, 0])
    let position = try #require(marked.firstIndex { $0 != 0 })
    #expect(marked[position] == (position % 2 == 0 ? 2 : 8))
  }

  @Test func randomPositionsFollowTheSeedAlone() throws {
    func positions(_ root: UInt64) throws -> [Int] {
      try make("random", size: 5, on: .vector(100), seed: SeedPath(root: root)).positions
    }
    let first = try positions(1)
    #expect(first.count == 5 && Set(first).count == 5 && first == first.sorted())
    #expect(try positions(1) == first)
    #expect(try positions(2) != first)
  }

  @Test func perSamplePositionsFollowTheStreamAndAdd() throws {
    let trigger = try make("random-per-sample", size: 3, value: 0.5, on: .vector(50))
    #expect(trigger.positions.isEmpty && trigger.drawnCount == 3)
    let base = [Float](repeating: 1, count: 50)
    let marked = applied(trigger, to: base)
    #expect(marked.count { $0 == 1.5 } == 3 && marked.count { $0 == 1 } == 47)
    #expect(applied(trigger, to: base, seed: 2) != marked)
  }

  @Test func aSquareGoesAnywhere() throws {
    let shape = InputShape.image(height: 3, width: 4, channels: 1)
    #expect(try make("square", size: 2, top: 0, left: 1, on: shape).positions == [1, 2, 5, 6])
    // What is not given is as the corner says.
    let below = try make("square", size: 2, corner: "bottom-left", left: 2, on: shape)
    #expect(below.positions == [6, 7, 10, 11])
    let right = try make("square", size: 2, corner: "bottom-right", top: 0, on: shape)
    #expect(right.positions == [2, 3, 6, 7])
    // A single pixel of a color image, all channels of it.
    let color = InputShape.image(height: 3, width: 4, channels: 3)
    #expect(try make("square", size: 1, top: 1, left: 2, on: color).positions == [18, 19, 20])
    #expect(try make("square", size: 3, left: 4, on: .vector(7)).positions == [4, 5, 6])
  }

  @Test func whatStandsOutsideIsRefused() throws {
    func message(
      _ size: Int, top: Int? = nil, left: Int? = nil, _ shape: InputShape
    ) -> String? {
      #expect(throws: ConfigurationError.self) {
        try make("square", size: size, top: top, left: left, on: shape)
      }?.description
    }
    let image = InputShape.image(height: 3, width: 4, channels: 1)
    #expect(
      message(2, top: 2, left: 0, image)
        == "square: a 'square' trigger of size 2 at row 2 and column 0 does not fit inputs of 3x4")
    #expect(
      message(2, left: 3, image)
        == "square: a 'square' trigger of size 2 at column 3 does not fit inputs of 3x4")
    #expect(
      message(3, left: 5, .vector(7))
        == "square: a 'square' trigger of size 3 at place 5 does not fit inputs of 7")
    #expect(
      message(3, top: 0, left: 0, .vector(7))
        == "square: top is 0, and inputs of 7 have no rows; give left alone")
  }

  @Test(arguments: builtInTriggers.map(\.manifest.id).filter { $0 != "phrase" })
  func tooLargeTriggersAreRefused(id: ComponentID) throws {
    let error = #expect(throws: ConfigurationError.self) {
      try make(id, size: 9, on: .vector(8))
    }
    #expect(
      error?.description == "\(id): a '\(id)' trigger of size 9 does not fit inputs of 8")
    #expect(throws: ConfigurationError.self) { try make(id, size: 0, on: .vector(8)) }
    #expect(throws: Never.self) { try make(id, size: 8, on: .vector(8)) }
  }

  @Test func squareHasToFitBothSides() {
    let shape = InputShape.image(height: 2, width: 9, channels: 1)
    #expect(throws: ConfigurationError.self) { try make("square", size: 3, on: shape) }
    #expect(throws: Never.self) { try make("square", size: 2, on: shape) }
  }

  @Test func aPartSetsItsPositionsAlone() {
    let trigger = Trigger(positions: [1, 3, 4, 8], values: [1, 2, 3, 4])
    #expect(trigger.part(1..<3) == Trigger(positions: [3, 4], values: [2, 3]))
    #expect(trigger.part(0..<4) == trigger)
    #expect(applied(trigger.part(0..<1), to: [0, 0, 0, 0]) == [0, 1, 0, 0])
  }

  @Test func parametersOfTheSameNameAreTheSame() {
    let names = builtInTriggers.parameters.map(\.name)
    #expect(Set(names).count == names.count && names.contains("size"))
    for entry in builtInTriggers {
      for spec in entry.manifest.parameters {
        let shared = builtInTriggers.parameters.first { $0.name == spec.name }
        #expect(shared?.kind == spec.kind && shared?.default == spec.default)
      }
    }
  }

  @Test func backdoorCountsEverythingButTheTarget() throws {
    let trigger = try make("square", size: 1, on: .vector(3))
    let all = Backdoor(trigger: trigger, target: 2)
    #expect([0, 1, 2, 3].map(all.applies) == [true, true, false, true])
    let one = Backdoor(trigger: trigger, target: 2, source: 0)
    #expect([0, 1, 2, 3].map(one.applies) == [true, false, false, false])
  }

  @Test func namedExamplesAreEqualByName() {
    let shard = Shard(
      inputs: Matrix(rows: [[1, 2]]), labels: [1], classCount: 3, shape: .vector(2))
    let other = Shard(
      inputs: Matrix(rows: [[3, 4]]), labels: [2], classCount: 3, shape: .vector(2))
    let edge = Backdoor(examples: NamedExamples(name: "edge", shard: shard), target: 2)
    #expect(edge == Backdoor(examples: NamedExamples(name: "edge", shard: other), target: 2))
    #expect(edge != Backdoor(examples: NamedExamples(name: "tail", shard: shard), target: 2))
    #expect(edge.trigger == nil && edge.source == nil)
    #expect([0, 1, 2].map(edge.applies) == [true, true, false])
  }
}
