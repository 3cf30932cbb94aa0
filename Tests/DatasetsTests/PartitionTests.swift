import Datasets
import Determinism
import Testing

/// A partition under test; `dealsAll` says whether every example must be dealt.
struct PartitionCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let partition: any Partition
  var dealsAll = true

  static let all = [
    PartitionCase(testDescription: "iid", partition: IIDPartition()),
    PartitionCase(testDescription: "dirichlet 1e-6", partition: DirichletPartition(alpha: 1e-6)),
    PartitionCase(testDescription: "dirichlet 0.5", partition: DirichletPartition(alpha: 0.5)),
    PartitionCase(testDescription: "dirichlet 1e6", partition: DirichletPartition(alpha: 1e6)),
    PartitionCase(testDescription: "shards 1", partition: LabelShardsPartition(shardsPerClient: 1)),
    PartitionCase(testDescription: "shards 7", partition: LabelShardsPartition(shardsPerClient: 7)),
    PartitionCase(testDescription: "skew 1e-6", partition: QuantitySkewPartition(alpha: 1e-6)),
    PartitionCase(testDescription: "skew 0.5", partition: QuantitySkewPartition(alpha: 0.5)),
    PartitionCase(
      testDescription: "sizes 1..<4", partition: UniformSizesPartition(min: 1, max: 4),
      dealsAll: false),
  ]
}

@Suite struct PartitionTests {
  /// Labels of uneven classes, one of which is empty.
  func labels(_ count: Int, seed: UInt64) -> [Int] {
    var random = SeedPath(root: seed).child("labels").stream()
    return (0..<count).map { _ in min(random.index(below: 6), random.index(below: 6)) }
  }

  /// The mean over clients of the total variation between a client's labels and all labels.
  func labelSkew(_ hands: [[Int]], _ labels: [Int], classCount: Int) -> Double {
    func mix(_ rows: some Collection<Int>) -> [Double] {
      (0..<classCount).map { label in
        Double(rows.count { labels[$0] == label }) / Double(rows.count)
      }
    }
    let all = mix(labels.indices)
    let distances = hands.map { zip(mix($0), all).reduce(0) { $0 + abs($1.0 - $1.1) } / 2 }
    return distances.reduce(0, +) / Double(hands.count)
  }

  @Test(arguments: PartitionCase.all)
  func handsAreDisjointAscendingAndNeverEmpty(_ example: PartitionCase) {
    for (seed, (count, clients)) in [(200, 20), (21, 7), (9, 3), (400, 1), (300, 100)].enumerated()
    {
      let labels = labels(count, seed: UInt64(seed))
      var random = SeedPath(root: UInt64(seed)).stream()
      let hands = example.partition.assign(
        labels: labels, classCount: 7, clientCount: clients, random: &random)
      #expect(hands.count == clients)
      #expect(hands.allSatisfy { !$0.isEmpty })
      #expect(hands.allSatisfy { zip($0, $0.dropFirst()).allSatisfy { $0 < $1 } })
      let dealt = hands.flatMap { $0 }
      #expect(Set(dealt).count == dealt.count)
      #expect(dealt.allSatisfy { $0 >= 0 && $0 < count })
      if example.dealsAll { #expect(dealt.count == count) }
    }
  }

  @Test(arguments: PartitionCase.all.filter(\.dealsAll))
  func asManyExamplesAsClientsGiveOneEach(_ example: PartitionCase) {
    for seed in 0..<20 as Range<UInt64> {
      var random = SeedPath(root: seed).stream()
      let hands = example.partition.assign(
        labels: labels(13, seed: seed), classCount: 7, clientCount: 13, random: &random)
      #expect(hands.map(\.count) == [Int](repeating: 1, count: 13))
    }
  }

  @Test(arguments: PartitionCase.all)
  func dealDependsOnTheStreamAlone(_ example: PartitionCase) {
    let labels = labels(120, seed: 5)
    func deal(_ seed: UInt64) -> [[Int]] {
      var random = SeedPath(root: seed).stream()
      return example.partition.assign(
        labels: labels, classCount: 7, clientCount: 8, random: &random)
    }
    #expect(deal(1) == deal(1))
    #expect(deal(1) != deal(2))
  }

  @Test func iidSizesDifferByAtMostOne() {
    var random = SeedPath(root: 1).stream()
    let hands = IIDPartition().assign(
      labels: labels(103, seed: 1), classCount: 7, clientCount: 10, random: &random)
    #expect(hands.map(\.count) == [11, 11, 11, 10, 10, 10, 10, 10, 10, 10])
  }

  @Test func dirichletAlphaOrdersLabelSkew() {
    let labels = (0..<2_000).map { $0 % 10 }
    let skews = [0.05, 0.5, 5, 500].map { alpha in
      (0..<10 as Range<UInt64>).reduce(0.0) { sum, seed in
        var random = SeedPath(root: seed).stream()
        let hands = DirichletPartition(alpha: alpha).assign(
          labels: labels, classCount: 10, clientCount: 10, random: &random)
        return sum + labelSkew(hands, labels, classCount: 10) / 10
      }
    }
    #expect(zip(skews, skews.dropFirst()).allSatisfy { $0 > 1.3 * $1 }, "\(skews)")
    #expect(skews[0] > 0.5)
    #expect(skews[3] < 0.1)
  }

  @Test func quantitySkewAlphaOrdersSizes() {
    let labels = labels(2_000, seed: 1)
    let largest = [0.05, 0.5, 5, 500].map { alpha in
      (0..<10 as Range<UInt64>).reduce(0) { sum, seed in
        var random = SeedPath(root: seed).stream()
        let hands = QuantitySkewPartition(alpha: alpha).assign(
          labels: labels, classCount: 7, clientCount: 10, random: &random)
        return sum + (hands.map(\.count).max() ?? 0)
      }
    }
    #expect(zip(largest, largest.dropFirst()).allSatisfy { $0 > $1 }, "\(largest)")
  }

  @Test func quantitySkewKeepsTheLabelMix() {
    let labels = (0..<6_000).map { $0 % 2 }
    var random = SeedPath(root: 4).stream()
    let hands = QuantitySkewPartition(alpha: 1).assign(
      labels: labels, classCount: 2, clientCount: 5, random: &random)
    for hand in hands where hand.count > 400 {
      let ones = hand.reduce(0) { $0 + labels[$1] }
      #expect(abs(Double(ones) / Double(hand.count) - 0.5) < 0.1)
    }
    #expect(Set(hands.map(\.count)).count > 1)
  }

  @Test func twoShardsHoldAtMostTwoLabels() {
    let labels = (0..<1_000).map { $0 % 10 }
    var random = SeedPath(root: 4).stream()
    let hands = LabelShardsPartition(shardsPerClient: 2).assign(
      labels: labels, classCount: 10, clientCount: 10, random: &random)
    // 20 shards of 50 examples in classes of 100: a shard lies within one class.
    #expect(hands.allSatisfy { Set($0.map { labels[$0] }).count <= 2 })
    #expect(hands.allSatisfy { $0.count == 100 })
  }

  @Test func uniformSizesAreDrawnFirstAndAgree() throws {
    let partition = UniformSizesPartition(min: 50, max: 150)
    var random = SeedPath(root: 9).stream()
    let sizes = try #require(partition.sizes(clientCount: 400, random: &random))
    #expect(sizes.allSatisfy { $0 >= 50 && $0 < 150 })
    #expect(sizes.contains { $0 < 55 } && sizes.contains { $0 > 144 })
    random = SeedPath(root: 9).stream()
    let hands = partition.assign(
      labels: labels(sizes.reduce(0, +), seed: 1), classCount: 7, clientCount: 400, random: &random)
    #expect(hands.map(\.count) == sizes)
  }

  @Test func fewerExamplesThanClientsTrap() async {
    await #expect(processExitsWith: .failure) {
      var random = SeedPath(root: 9).stream()
      _ = IIDPartition().assign(
        labels: [0, 1], classCount: 2, clientCount: 3, random: &random)
    }
  }
}
