import Components
public import Determinism

/// Gives clients different amounts of data with the same mix of labels.
///
/// The sizes are in proportion to one draw of a symmetric Dirichlet distribution, rounded by the
/// largest remainder; the examples are dealt from a shuffled deck. Small `alpha` gives few clients
/// most of the data. A client left with nothing receives one example of the largest client.
///
/// - Note: "Quantity skew" of Li, Diao, Chen, He, "Federated learning on non-IID data silos", ICDE
///   2022.
public struct QuantitySkewPartition: Partition {
  public static let entry = PartitionEntry(
    manifest: ComponentManifest(
      id: "quantity-skew",
      summary: "Gives clients different amounts of data with the same mix of labels.",
      formula: "sizes ~ N · Dir(alpha, …, alpha) over the clients, largest remainder",
      citations: [
        Citation(
          ["Li", "Diao", "Chen", "He"],
          "Federated learning on non-IID data silos: an experimental study", "ICDE", 2022,
          arXiv: "2102.02079")
      ],
      parameters: [
        ParameterSpec(
          "alpha", .real(concentrations), default: .required,
          help: "concentration; the smaller it is, the less alike the clients are")
      ])
  ) { (arguments) throws(ConfigurationError) in
    QuantitySkewPartition(alpha: arguments.real("alpha"))
  }

  /// The values of `alpha` that are accepted.
  public static let concentrations = Dealing.concentrations

  public let alpha: Double

  /// - Precondition: `alpha` lies in ``concentrations``.
  public init(alpha: Double) {
    precondition(Self.concentrations.contains(alpha), "quantity skew alpha \(alpha)")
    self.alpha = alpha
  }

  public func assign(
    labels: [Int], classCount: Int, clientCount: Int, random: inout RandomStream
  ) -> [[Int]] {
    Dealing.check(labels: labels, classCount: classCount, clientCount: clientCount)
    let shares = random.dirichlet(concentration: alpha, count: clientCount)
    let sizes = Dealing.sizes(labels.count, shares: shares)
    return Dealing.settled(Dealing.blocks(sizes, of: random.permutation(labels.count)))
  }
}
