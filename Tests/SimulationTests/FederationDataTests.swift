import Datasets
import Determinism
import Kernels
import Tensors
import Testing

@testable import Simulation

@Suite struct FederationDataTests {
  private func data(
    _ partition: any Partition = IIDPartition(), train: Int? = 60, clients: Int = 7,
    seed: UInt64 = 1
  ) throws -> FederationData {
    try FederationData(
      source: GaussianClassesSource(
        features: 4, classCount: 3, shift: 2, testCount: 20, trainingCount: train),
      partition: partition, clientCount: clients, seed: SeedPath(root: seed))
  }

  @Test func `every example goes to one client`() throws {
    let data = try data()
    #expect(data.shards.map(\.count) == [9, 9, 9, 9, 8, 8, 8])
    let loaded = try GaussianClassesSource(
      features: 4, classCount: 3, shift: 2, testCount: 20, trainingCount: 60
    ).load(trainingCount: 60, seed: SeedPath(root: 1).child("data"))
    func rows(_ shard: Shard) -> [[Float]] { (0..<shard.count).map { shard.inputs.row($0) } }
    #expect(Set(data.shards.flatMap(rows)) == Set(rows(loaded.training)))
    #expect(data.test == loaded.test)
  }

  @Test func `labels stay with their examples`() throws {
    let data = try data()
    let loaded = try GaussianClassesSource(
      features: 4, classCount: 3, shift: 2, testCount: 20, trainingCount: 60
    ).load(trainingCount: 60, seed: SeedPath(root: 1).child("data")).training
    var labels: [[Float]: Int] = [:]
    for row in 0..<loaded.count { labels[loaded.inputs.row(row)] = loaded.labels[row] }
    for shard in data.shards {
      for row in 0..<shard.count {
        #expect(labels[shard.inputs.row(row)] == shard.labels[row])
      }
    }
  }

  @Test func `the seed alone decides`() throws {
    let first = try data()
    let (again, other) = (try data(), try data(seed: 2))
    #expect(first.shards == again.shards)
    #expect(first.shards != other.shards && first.test != other.test)
    // Another partition deals the same examples.
    let skewed = try data(DirichletPartition(alpha: 0.5))
    #expect(first.test == skewed.test && first.shards != skewed.shards)
  }

  @Test func `a partition that draws sizes decides how much is drawn`() throws {
    let data = try data(UniformSizesPartition(min: 5, max: 9), train: nil)
    #expect(data.shards.allSatisfy { (5..<9).contains($0.count) })
    #expect(Set(data.shards.map(\.count)).count > 1)
    #expect(data.test.count == 20)
  }

  @Test func `too few examples are an error`() throws {
    #expect(throws: DatasetError.self) { try data(train: 6) }
    let error = #expect(throws: DatasetError.self) {
      try data(UniformSizesPartition(min: 50, max: 60), train: 100)
    }
    #expect(error?.description.contains(") for 7 clients that want") == true)
    let smallest = try data(train: 7)
    #expect(smallest.shards.allSatisfy { $0.count == 1 })
  }
}
