import Components
import Datasets
import Determinism
import Testing

@Suite struct NaturalPartitionTests {
  let users = [4, 0, 4, 2, 7, 0, 4]

  private func deal(_ clients: Int, seed: UInt64 = 1, users: [Int]? = nil) -> [[Int]] {
    var random = SeedPath(root: seed).stream()
    let users = users ?? self.users
    return NaturalPartition().assign(
      labels: users.map { _ in 0 }, users: users, classCount: 2, clientCount: clients,
      random: &random)
  }

  @Test func clientsAreWholeUsers() {
    #expect(Set(deal(4)) == [[1, 5], [3], [0, 2, 6], [4]])
    for seed in 1...20 as ClosedRange<UInt64> {
      let hands = deal(2, seed: seed)
      #expect(hands.count == 2)
      #expect(Set(hands).isSubset(of: [[1, 5], [3], [0, 2, 6], [4]]))
      #expect(Set(hands).count == 2)
    }
  }

  @Test func drawIsSeeded() {
    #expect(deal(3, seed: 5) == deal(3, seed: 5))
    #expect(Set((1...20).map { deal(2, seed: $0) }).count > 3)
  }

  @Test func isInTheCatalog() throws {
    let entry = try #require(builtInPartitions.first { $0.manifest.id == "natural" })
    #expect(builtInPartitions.filter { $0.manifest.id == "natural" }.count == 1)
    #expect(entry.manifest.parameters.isEmpty)
    #expect(NaturalPartition().needsUsers)
    #expect(!IIDPartition().needsUsers)
  }

  @Test func othersTakeNoNoticeOfUsers() {
    var random = SeedPath(root: 1).stream()
    var same = SeedPath(root: 1).stream()
    let labels = [0, 1, 0, 1, 0, 1, 0]
    #expect(
      IIDPartition().assign(
        labels: labels, users: users, classCount: 2, clientCount: 3, random: &random)
        == IIDPartition().assign(labels: labels, classCount: 2, clientCount: 3, random: &same))
  }
}
