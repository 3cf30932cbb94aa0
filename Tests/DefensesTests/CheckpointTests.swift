import Components
import Defenses
import Federation
import Testing

@Suite struct CheckpointTests {
  @Test(arguments: CheckpointCase.all) func goesOnWithTheSameBits(known: CheckpointCase) throws {
    for count in known.rounds {
      var defense = try known.make()
      _ = try known.play(&defense, 0..<count)
      let bytes = defense.written()
      var other = try known.make()
      #expect(other.read(bytes) == nil, "\(count) rounds")
      #expect(other.written() == bytes, "\(count) rounds")
      // The one that wrote, first: the other shares nothing with it.
      let expected = try known.play(&defense, count..<count + 3)
      #expect(try known.play(&other, count..<count + 3) == expected, "\(count) rounds")
      #expect(other.written() == defense.written(), "\(count) rounds")
    }
  }

  /// So that the test above can fail: what remembers shows it, and what does not writes nothing.
  @Test(arguments: CheckpointCase.all)
  func withoutItsCheckpointADefenseStartsAnew(known: CheckpointCase) throws {
    let count = known.rounds[known.rounds.count - 1]
    var defense = try known.make()
    _ = try known.play(&defense, 0..<count)
    var fresh = try known.make()
    #expect((defense.written() != fresh.written()) == known.remembers)
    let expected = try known.play(&defense, count..<count + 3)
    #expect(try (known.play(&fresh, count..<count + 3) != expected) == known.remembers)
  }

  @Test func clientsAreRemovedInOneOfTheCases() throws {
    var removed: [Double] = []
    for known in CheckpointCase.all where known.rule == "fldetector" {
      var defense = try known.make()
      for played in try known.play(&defense, 0..<12) {
        if case .number(let count)? = played.report["removed"] { removed.append(count) }
      }
    }
    #expect(removed.contains { $0 > 0 })
  }

  @Test(arguments: CheckpointCase.all)
  func bytesThatEndAnywhereAreAProblem(known: CheckpointCase) throws {
    var defense = try known.make()
    _ = try known.play(&defense, 0..<3)
    let bytes = defense.written()
    let fresh = try known.make()
    for count in 0..<bytes.count {
      var other = fresh
      #expect(other.read(Array(bytes.prefix(count))) != nil, "\(count) bytes")
    }
  }
}
