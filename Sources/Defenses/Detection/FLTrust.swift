public import Components
public import Federation
import Kernels
import Tensors

/// The average of the rows, scaled to the length of the server's own update and weighted by how far
/// they point the same way.
///
/// The server's update g is what it trains on its root data in the same round; its length and
/// direction bound what clients can do, so its data decide the quality. A cosine with a zero vector
/// is 0. The paper leaves open what happens if no row has any trust, a zero g among the reasons:
/// here the update is zero. Row weights are ignored, because clients report their own sample counts.
///
/// A row without trust takes no part and is rejected, by its direction in this round alone; that does
/// not declare its client malicious. A row with less than an equal share is downweighted. A
/// verdict's weight is the row's share of all trust, apart from the scaling of its length; suspicion
/// is −cosine, in −1...1.
///
/// - Complexity: O(n d), without a copy of the matrix: trust and lengths go into the weights.
/// - Note: Cao, Fang, Liu, Gong, NDSS 2021, equations 2 to 4.
public struct FLTrust: Aggregator {
  public static let manifest = ComponentManifest(
    id: "fltrust",
    summary: "Updates scaled to the server's own and weighted by their cosine with it.",
    formula: """
      trust_i = max(0, cos(x_i, g)); the result is Σ trust_i (‖g‖ / ‖x_i‖) x_i / Σ trust_i with g \
      = the update that the server trains on its root data
      """,
    preconditions: ["root data of the server"],
    citations: [
      Citation(
        ["Cao", "Fang", "Liu", "Gong"],
        "FLTrust: Byzantine-robust federated learning via trust bootstrapping", "NDSS", 2021,
        arXiv: "2012.13995")
    ])

  public static let needs: DefenseNeeds = [.rootData, .rootUpdate]
  public static let laws: RuleLaws = [.order]
  public static let reports = ["root-norm", "trusted"]

  public init(_: Arguments, setup _: DefenseSetup) throws(ConfigurationError) {}

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    guard let root = round.rootUpdate else {
      throw .failed(
        component: Self.manifest.id,
        reason: "needs the update that the server trains on its root data; there is none here")
    }
    let rootNorm = Float.squaredNorm(root.span).squareRoot()
    let norms = updates.values.norms(pool: round.pool)
    let products = updates.values.products(with: root, pool: round.pool)
    let cosines = zip(products, norms).map { product, norm in
      // Rounding may take a parallel row a little past 1.
      norm > 0 && rootNorm > 0 ? min(max(product / norm / rootNorm, -1), 1) : 0
    }
    let trusts = cosines.map { max(0, $0) }
    let total = trusts.reduce(0, +)
    let shares = trusts.map { total > 0 ? $0 / total : 0 }
    let factors = zip(shares, norms).map { $0 > 0 ? $0 * (rootNorm / $1) : 0 }
    // Equal trusts may come out a little below an equal share.
    let equalShare = (1 - 1e-9) / Double(norms.count)
    return Aggregation(
      update: updates.values.combination(factors, pool: round.pool),
      verdicts: zip(shares, cosines).map { share, cosine in
        Verdict(
          share == 0 ? .rejected : share < equalShare ? .downweighted : .accepted, weight: share,
          suspicion: -cosine)
      },
      report: [
        "root-norm": .number(rootNorm), "trusted": .number(Double(trusts.count { $0 > 0 })),
      ])
  }
}
