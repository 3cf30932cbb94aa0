public import Components
public import Federation
import Tensors

/// Shortens each row to a norm bound: x_i · min(1, bound / ‖x_i‖).
///
/// Zero rows stay zero. Clients and weights of the rows stay as they are. The matrix is changed in
/// place where nobody else holds it.
///
/// - Complexity: O(n d).
/// - Note: Sun, Kairouz, Suresh, McMahan, "Can you really backdoor federated learning?", 2019.
public struct Clipping: PreAggregator {
  public static let manifest = ComponentManifest(
    id: "clipping",
    summary: "Shortens each update to a norm bound.",
    formula: "x_i becomes x_i · min(1, bound / ‖x_i‖)",
    citations: [
      Citation(
        ["Sun", "Kairouz", "Suresh", "McMahan"], "Can you really backdoor federated learning?",
        "arXiv", 2019, arXiv: "1911.07963")
    ],
    parameters: [
      ParameterSpec("bound", .positive(), default: .required, help: "largest norm of a row")
    ])

  public static let traits: DefenseTraits = [.secureAggregation]

  private let bound: Double

  public init(_ arguments: Arguments, setup _: DefenseSetup) throws(ConfigurationError) {
    bound = arguments.real("bound")
  }

  public mutating func transform(
    _ updates: inout UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) {
    updates.clip(to: bound, norms: updates.values.norms(pool: round.pool))
  }
}
