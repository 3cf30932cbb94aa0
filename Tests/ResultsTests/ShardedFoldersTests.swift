import Testing

@testable import Results

@Suite struct ShardedFoldersTests {
  private typealias Shard = RunManifestV1.Shard

  /// Shards of four trials each.
  private func folders(_ numbers: [Int], of count: Int = 4) -> ShardedFolders {
    ShardedFolders(
      numbers.map {
        ("f\($0)", Shard(number: $0, count: count, first: 4 * ($0 - 1), trials: 4, planned: 16))
      })
  }

  @Test func shardsAreInTheOrderOfThePlan() {
    #expect(folders([3, 1, 4, 2]).order == [1, 3, 0, 2])
    #expect(folders([]).order == nil)
  }

  @Test func foldersOfSeveralCutsHaveNoOrder() {
    let shard = Shard(number: 1, count: 2, first: 0, trials: 4, planned: 8)
    var other = shard
    other.planned = 9
    #expect(ShardedFolders([("a", shard), ("b", nil)]).order == nil)
    #expect(ShardedFolders([("a", shard), ("b", other)]).order == nil)
    #expect(ShardedFolders([("a", shard), ("b", other)]).missing(settled: [0, 0]).isEmpty)
    // The file may say anything.
    for count in [0, -1, .min, .max] {
      other.count = count
      #expect(ShardedFolders([("a", other)]).order == nil)
    }
  }

  @Test func whatIsMissingIsTold() {
    #expect(folders([1, 2, 3, 4]).missing(settled: [4, 4, 4, 4]).isEmpty)
    #expect(
      folders([4, 1], of: 9).missing(settled: [1, 5])
        == ["f4: has 1 of the 4 trials of shard 4/9", "7 of 9 shards are missing: 2-3, 5-9"])
    #expect(
      folders([1, 3]).missing(settled: [4, 4]) == ["2 of 4 shards are missing: 2, 4"])
    #expect(
      folders([1, 2, 4]).missing(settled: [4, 4, 4]) == ["1 of 4 shards is missing: 3"])
  }
}
