import Components
public import Determinism

/// Gives each client a number of examples drawn uniformly from a range.
///
/// The sizes are the first draws of the stream, so ``sizes(clientCount:random:)`` and
/// ``assign(labels:classCount:clientCount:random:)`` agree when both start from equal streams. Hands
/// are consecutive blocks of a shuffled deck; what remains of the deck is not dealt.
///
/// - Note: Unbitrium tutorial 028 draws 50 to 149 examples for each client.
public struct UniformSizesPartition: Partition {
  public static let entry = PartitionEntry(
    manifest: ComponentManifest(
      id: "uniform-sizes",
      summary: "Gives each client a number of examples drawn uniformly from a range.",
      formula: "sizes ~ U{min, …, max − 1}", preconditions: ["max > min"],
      origin: "Unbitrium tutorial 028 draws 50 to 149 examples for each client.",
      parameters: [
        ParameterSpec(
          "min", .integer(1...100_000_000), default: .required, help: "least number of examples"),
        ParameterSpec(
          "max", .integer(1...100_000_000), default: .required,
          help: "first number that is not drawn any more"),
      ])
  ) { (arguments) throws(ConfigurationError) in
    let (least, end) = (arguments.integer("min"), arguments.integer("max"))
    guard least < end else {
      throw ConfigurationError(
        .invalid(
          component: "uniform-sizes", reason: "max has to be above min: sizes are in min ..< max"))
    }
    return UniformSizesPartition(min: least, max: end)
  }

  public let range: Range<Int>

  /// Creates a partition with sizes in `min ..< max`.
  ///
  /// - Precondition: `0 < min < max <= 2^32 - 1`
  public init(min: Int, max: Int) {
    precondition(
      min > 0 && min < max && max <= Int(UInt32.max), "client sizes from \(min) up to \(max)")
    range = min..<max
  }

  public var examplesPerClient: Int { range.upperBound - 1 }
  public var drawsSizes: Bool { true }

  public func sizes(clientCount: Int, random: inout RandomStream) -> [Int]? {
    draw(clientCount, from: &random)
  }

  /// - Precondition: `labels.count` is at least the sum of the sizes.
  public func assign(
    labels: [Int], classCount: Int, clientCount: Int, random: inout RandomStream
  ) -> [[Int]] {
    Dealing.check(labels: labels, classCount: classCount, clientCount: clientCount)
    let sizes = draw(clientCount, from: &random)
    let total = sizes.reduce(0, +)
    precondition(
      labels.count >= total, "clients ask for \(total) of \(labels.count) training examples")
    return Dealing.settled(Dealing.blocks(sizes, of: random.permutation(labels.count)))
  }

  private func draw(_ clientCount: Int, from random: inout RandomStream) -> [Int] {
    (0..<clientCount).map { _ in range.lowerBound + random.index(below: range.count) }
  }
}
