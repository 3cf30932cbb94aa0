import Components
public import Determinism

/// Splits every class over the clients in shares drawn from a symmetric Dirichlet distribution.
///
/// Classes are taken in ascending order. Each is shuffled, shares of all clients are drawn, and the
/// class is cut in that proportion by the largest remainder, so that every example is dealt exactly
/// once. Small `alpha` gives few clients most of a class; large `alpha` approaches an even split.
/// A client left with nothing receives one example of the largest client.
///
/// - Note: Hsu, Qi, Brown, "Measuring the effects of non-identical data distribution for federated
///   visual classification", 2019, draw the label mix of each client, at equal client sizes. Drawing
///   the shares of each class, as here, follows Yurochkin et al., "Bayesian nonparametric federated
///   learning of neural networks", ICML 2019; it deals every example and lets client sizes vary.
public struct DirichletPartition: Partition {
  public static let entry = PartitionEntry(
    manifest: ComponentManifest(
      id: "dirichlet",
      summary: "Splits every class over the clients in shares from a Dirichlet distribution.",
      formula: "per class: shares ~ Dir(alpha, …, alpha) over the clients, largest remainder",
      citations: [
        Citation(
          ["Yurochkin", "Agarwal", "Ghosh", "Greenewald", "Hoang", "Khazaeni"],
          "Bayesian nonparametric federated learning of neural networks", "ICML", 2019,
          arXiv: "1905.12022"),
        Citation(
          ["Hsu", "Qi", "Brown"],
          """
          Measuring the effects of non-identical data distribution for federated visual \
          classification
          """, "arXiv", 2019, arXiv: "1909.06335"),
      ],
      parameters: [
        ParameterSpec(
          "alpha", .real(concentrations), default: .required,
          help: "concentration; the smaller it is, the less alike the clients are")
      ])
  ) { (arguments) throws(ConfigurationError) in
    DirichletPartition(alpha: arguments.real("alpha"))
  }

  /// The values of `alpha` that are accepted.
  public static let concentrations = Dealing.concentrations

  public let alpha: Double

  /// - Precondition: `alpha` lies in ``concentrations``.
  public init(alpha: Double) {
    precondition(Self.concentrations.contains(alpha), "Dirichlet alpha \(alpha)")
    self.alpha = alpha
  }

  public func assign(
    labels: [Int], classCount: Int, clientCount: Int, random: inout RandomStream
  ) -> [[Int]] {
    Dealing.check(labels: labels, classCount: classCount, clientCount: clientCount)
    var rows = [[Int]](repeating: [], count: classCount)
    for (row, label) in labels.enumerated() { rows[label].append(row) }
    var hands = [[Int]](repeating: [], count: clientCount)
    for label in 0..<classCount {
      // A class without examples draws too, so that the later classes do not depend on it.
      random.shuffle(&rows[label])
      let shares = random.dirichlet(concentration: alpha, count: clientCount)
      let sizes = Dealing.sizes(rows[label].count, shares: shares)
      for (client, block) in Dealing.blocks(sizes, of: rows[label]).enumerated() {
        hands[client] += block
      }
    }
    return Dealing.settled(hands)
  }
}
