import Determinism
import Testing

@testable import Datasets

@Suite struct DealingTests {
  /// The rule as it is written: each empty hand in turn, from the largest hand.
  private func settledOneByOne(_ hands: [[Int]]) -> [[Int]] {
    var hands = hands.map { $0.sorted() }
    for client in hands.indices where hands[client].isEmpty {
      let largest = hands.indices.min { (-hands[$0].count, $0) < (-hands[$1].count, $1) }
      if let largest, let example = hands[largest].popLast() { hands[client] = [example] }
    }
    return hands
  }

  @Test(arguments: 0..<60) func emptyHandsAreFilledFromTheLargest(seed: Int) {
    var random = SeedPath(root: UInt64(seed)).stream()
    let clients = 1 + random.index(below: 40)
    // Few hands get most of the examples, often equally many.
    let favored = 1 + random.index(below: clients)
    var hands = [[Int]](repeating: [], count: clients)
    for example in 0..<clients + random.index(below: 60) {
      hands[random.index(below: 1 + random.index(below: favored))].append(example)
    }
    random.shuffle(&hands)
    #expect(Dealing.settled(hands) == settledOneByOne(hands))
  }

  @Test func manyClientsAreDealtAtOnce() {
    let (examples, clients) = (300_000, 200_000)
    let hands = [Array(0..<examples)] + [[Int]](repeating: [], count: clients - 1)
    let settled = Dealing.settled(hands)
    #expect(settled[0].count == examples - clients + 1)
    #expect(settled[1] == [examples - 1] && settled[clients - 1] == [examples - clients + 1])
  }
}
