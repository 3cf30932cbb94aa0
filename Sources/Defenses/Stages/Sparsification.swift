public import Components
public import Federation
import Kernels
import Tensors

/// Keeps the largest values of each row and sets the others to zero.
///
/// Of d coordinates the floor(keep · d) of largest |x| are kept, the product taken in decimal, at
/// least one; of equal magnitudes those of lower index. Each row has coordinates of its own. What is
/// kept has its bits; a `keep` of 1 changes nothing. Clients and weights of the rows stay as they
/// are.
///
/// - Complexity: O(n d), in place where nobody else holds the matrix; 512 KiB for each thread.
/// - Note: Xu, Zhang, Hu, WACV 2025, who leave out a share of 0.3, over the whole row instead of by
///   layer; Aji, Heafield, EMNLP 2017.
public struct Sparsification: PreAggregator {
  public static let manifest = ComponentManifest(
    id: "sparsify",
    summary: "Keeps the largest values of each update and sets the others to zero.",
    formula: """
      in each row the floor(keep · d) values of largest |x| stay, ties to the lower index; the others \
      become 0
      """,
    citations: [
      Citation(
        ["Xu", "Zhang", "Hu"],
        "Achieving Byzantine-resilient federated learning via layer-adaptive sparsified model "
          + "aggregation", "WACV", 2025, arXiv: "2409.01435"),
      Citation(
        ["Aji", "Heafield"], "Sparse communication for distributed gradient descent", "EMNLP", 2017,
        arXiv: "1704.05021"),
    ],
    parameters: [
      ParameterSpec(
        "keep", .real(0...1), default: .real(0.7), help: "share of the coordinates that is kept")
    ])

  public static let traits: DefenseTraits = [.secureAggregation]

  private let keep: DecimalShare

  public init(_ arguments: Arguments, setup _: DefenseSetup) throws(ConfigurationError) {
    keep = DecimalShare(arguments.real("keep"))
  }

  public mutating func transform(
    _ updates: inout UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) {
    let count = max(1, keep.count(of: updates.columnCount))
    guard count < updates.columnCount else { return }
    updates.values.forEachRow(pool: round.pool) { _, _, row in
      keepLargest(count, of: &row)
    }
  }
}
