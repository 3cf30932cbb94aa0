import Datasets
import Determinism
import Federation
import Foundation
import Testing

@Suite struct TriggerTests {
  private let seed = SeedPath(root: 9)

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
      let trigger = Trigger(
        .square, size: known.size, value: known.value, on: .vector(known.features.count),
        seed: seed)
      guard known.size > 0 else {
        #expect(trigger == nil)
        continue
      }
      #expect(try applied(#require(trigger), to: known.features) == known.expected)
    }
  }

  @Test func squareOnAnImageMatchesReference() throws {
    for known in try Fixtures.load().imageTriggers {
      let corner = try #require(Trigger.Corner(rawValue: known.corner))
      let trigger = try #require(
        Trigger(
          .square, size: known.size, value: known.value, corner: corner,
          on: .image(height: known.height, width: known.width, channels: 1), seed: seed))
      #expect(trigger.positions == known.indices)
      #expect(applied(trigger, to: known.features) == known.expected)
    }
  }

  @Test func squareCoversEveryChannel() throws {
    let shape = InputShape.image(height: 2, width: 2, channels: 3)
    let trigger = try #require(
      Trigger(.square, size: 1, value: 1, corner: .topRight, on: shape, seed: seed))
    #expect(trigger.positions == [3, 4, 5])
  }

  @Test func randomPositionsFollowTheSeedAlone() throws {
    func positions(_ root: UInt64) throws -> [Int] {
      let seed = SeedPath(root: root)
      return try #require(Trigger(.random, size: 5, value: 1, on: .vector(100), seed: seed))
        .positions
    }
    let first = try positions(1)
    #expect(first.count == 5 && Set(first).count == 5 && first == first.sorted())
    #expect(try positions(1) == first)
    #expect(try positions(2) != first)
  }

  @Test func perSamplePositionsFollowTheStreamAndAdd() throws {
    let trigger = try #require(
      Trigger(.randomPerSample, size: 3, value: 0.5, on: .vector(50), seed: seed))
    #expect(trigger.positions.isEmpty)
    let base = [Float](repeating: 1, count: 50)
    let marked = applied(trigger, to: base)
    #expect(marked.count { $0 == 1.5 } == 3 && marked.count { $0 == 1 } == 47)
    #expect(applied(trigger, to: base, seed: 2) != marked)
  }

  @Test(arguments: Trigger.Pattern.allCases)
  func tooLargeTriggersAreRefused(pattern: Trigger.Pattern) {
    #expect(Trigger(pattern, size: 9, value: 1, on: .vector(8), seed: seed) == nil)
    #expect(Trigger(pattern, size: 0, value: 1, on: .vector(8), seed: seed) == nil)
    #expect(Trigger(pattern, size: 8, value: 1, on: .vector(8), seed: seed) != nil)
  }

  @Test func squareHasToFitBothSides() {
    let shape = InputShape.image(height: 2, width: 9, channels: 1)
    #expect(Trigger(.square, size: 3, value: 1, on: shape, seed: seed) == nil)
    #expect(Trigger(.square, size: 2, value: 1, on: shape, seed: seed) != nil)
  }

  @Test func backdoorCountsEverythingButTheTarget() throws {
    let trigger = try #require(Trigger(.square, size: 1, value: 1, on: .vector(3), seed: seed))
    let all = Backdoor(trigger: trigger, target: 2)
    #expect([0, 1, 2, 3].map(all.applies) == [true, true, false, true])
    let one = Backdoor(trigger: trigger, target: 2, source: 0)
    #expect([0, 1, 2, 3].map(one.applies) == [true, false, false, false])
  }
}
