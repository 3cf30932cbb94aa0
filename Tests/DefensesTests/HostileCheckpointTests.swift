import Components
import Defenses
import Federation
import Testing

/// Checkpoints that no defense wrote, or another one.
@Suite struct HostileCheckpointTests {
  private func written(by known: CheckpointCase, after count: Int) throws -> [UInt8] {
    var defense = try known.make()
    _ = try known.play(&defense, 0..<count)
    return defense.written()
  }

  /// None traps, and neither do the rounds after those that are taken.
  @Test(arguments: CheckpointCase.all.filter(\.remembers))
  func anyValuesAreTakenOrRefused(known: CheckpointCase) throws {
    let fresh = try known.make()
    for count in known.given.isEmpty ? [3] : [7] {
      let tokens = try CheckpointToken.all(written(by: known, after: count))
      #expect(tokens.map(\.bytes).joined().elementsEqual(try written(by: known, after: count)))
      var refused = 0
      for (place, token) in tokens.enumerated() {
        for replacement in token.replacements {
          var changed = tokens
          changed[place] = replacement
          var other = fresh
          guard other.read(changed.flatMap(\.bytes)) == nil else {
            refused += 1
            continue
          }
          // A defense may say that it cannot go on.
          _ = try? known.play(&other, count..<count + 3)
        }
      }
      #expect(refused > 0)
    }
  }

  @Test(arguments: [
    ("auror", 29), ("centered-clipping", 29), ("flanders", 29), ("fldetector", 29),
    ("foolsgold", 8),
  ])
  func vectorsOfAnotherModelAreRefused(rule: String, count: Int) throws {
    let bytes = try written(by: CheckpointCase(rule: rule), after: 3)
    var other = try CheckpointCase(rule: rule, knowledge: .oneLayer).make()
    #expect(other.read(bytes) == "it has vectors of \(count) values where 14 should be")
  }

  @Test(arguments: ["flanders", "fldetector", "foolsgold"])
  func clientsThatAreNotThereAreRefused(rule: String) throws {
    let bytes = try written(by: CheckpointCase(rule: rule), after: 3)
    var other = try CheckpointCase(rule: rule, clientCount: 12).make()
    #expect(other.read(bytes) == "it has a client that is not among the 12 clients")
  }

  @Test(arguments: [
    ("fldetector", "window", 2, "it has 8 pairs of steps, not 2"),
    ("flanders", "window", 3, "it has models of 5 rounds, not 3"),
    ("flanders", "sample", 5, "the parameters that are looked at are not some of an update"),
    ("auror", "rounds", 2, "it has 9 rounds of 2"),
  ])
  func memoryOfOtherArgumentsIsRefused(
    rule: String, name: String, value: Int, problem: String
  ) throws {
    let bytes = try written(by: CheckpointCase(rule: rule), after: 9)
    var other = try CheckpointCase(rule: rule, given: [rule: [name: .integer(value)]]).make()
    #expect(other.read(bytes) == problem)
  }

  @Test func rulesToDrawAreTold() throws {
    func drawing(_ ids: [String]) -> CheckpointCase {
      CheckpointCase(
        rule: "random-rule", given: ["random-rule": ["rules": .list(ids.map { .text($0) })]])
    }
    let bytes = try written(by: drawing(["mean", "centered-clipping"]), after: 3)
    var other = try drawing(["centered-clipping", "mean"]).make()
    #expect(other.read(bytes) == "it has 'mean' where 'centered-clipping' should be")
  }

  /// A bare matrix does not say how many values an update has, but the next round does.
  @Test(arguments: ["auror", "flanders", "fldetector", "foolsgold"])
  func vectorsOfAnotherMatrixEndTheNextRound(rule: String) throws {
    let bytes = try written(by: CheckpointCase(rule: rule, knowledge: .oneLayer), after: 3)
    let bare = CheckpointCase(rule: rule, knowledge: .bare)
    var other = try bare.make()
    #expect(other.read(bytes) == nil)
    let error = #expect(throws: DefenseError.self) { try bare.play(&other, 3..<4) }
    #expect(
      error?.description == "\(rule): remembers updates of 14 values, and gets some of 12")
  }
}
