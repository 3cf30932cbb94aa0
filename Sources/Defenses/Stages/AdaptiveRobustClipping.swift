public import Components
public import Federation
import Tensors

/// Shortens the k longest rows to the length of the next one, with k from n and f.
///
/// k = floor(2 (f / n) (n − f)), taken in whole numbers, of the rows that arrive; f = 0 changes
/// nothing. If fewer rows arrive than announced, f is at most (n − 1)/2. Rows as long as the bound
/// stay as they are, and so do zero rows; a bound of 0 leaves zeros. Clients and weights of the rows
/// stay as they are.
///
/// - Complexity: O(n d + n log n), in place where nobody else holds the matrix.
/// - Note: Allouah, Guerraoui, Gupta, Jellouli, Rizk, Stephan, ICLR 2025, algorithm 2.
public struct AdaptiveRobustClipping: PreAggregator {
  public static let manifest = ComponentManifest(
    id: "arc",
    summary: "Shortens the longest updates to the length of the next one.",
    formula: """
      x_i becomes x_i · min(1, C / ‖x_i‖), C = the (k + 1)-th largest norm, k = floor(2 f (n − f) / n)
      """,
    preconditions: ["n >= 2f + 1"],
    citations: [
      Citation(
        ["Allouah", "Guerraoui", "Gupta", "Jellouli", "Rizk", "Stephan"],
        "Adaptive gradient clipping for robust federated learning", "ICLR", 2025,
        arXiv: "2405.14432")
    ],
    parameters: [
      ParameterSpec(
        "f", .integer(0...1_000_000), default: .plan(.declaredByzantine),
        help: "declared number of Byzantine submissions"),
      ProofLimit.parameter,
    ])

  private let minority: DeclaredMinority

  public var isOutsideProof: Bool { minority.isOutsideProof }

  public init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError) {
    minority = try DeclaredMinority(arguments, setup: setup, component: Self.manifest.id)
  }

  public mutating func transform(
    _ updates: inout UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) {
    let n = updates.rowCount
    let f = minority.count(of: n)
    let clippedCount = 2 * f * (n - f) / n
    guard clippedCount > 0 else { return }
    let norms = updates.values.norms(pool: round.pool)
    updates.clip(to: norms.sorted(by: >)[clippedCount], norms: norms)
  }
}
