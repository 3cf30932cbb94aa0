public import Components
public import Determinism
public import Federation
public import Kernels
public import Tensors

/// Sends the negative honest mean: Δ_a = −μ.
///
/// It is ``InnerProductManipulation`` with epsilon 1, to the bit, under the name that does not mean
/// something else: ``SignFlip`` negates what the attacker itself trained. All attackers send the same
/// row, and a plain average points against μ only where they are the majority. A mean of zero is sent
/// as zero. Where no honest client takes part rows stay what they are.
///
/// - Complexity: O((h + f) d) per round.
/// - Note: Allen-Zhu, Ebrahimian, Li, Alistarh, ICLR 2021, in whose name ByzFL calls it sign flipping.
public struct NegativeMean: Attack {
  public static let manifest = ComponentManifest(
    id: "negative-mean",
    summary: "Sends the negative honest mean.",
    formula: "Δ_a = −μ with the plain mean μ of the honest updates of the round",
    preconditions: ["knows the honest updates"],
    citations: [
      Citation(
        ["Allen-Zhu", "Ebrahimian", "Li", "Alistarh"],
        "Byzantine-resilient non-convex stochastic gradient descent", "ICLR", 2021,
        arXiv: "2012.14368"), Citation.fallOfEmpires,
    ], origin: "As SignFlipping in ByzFL; the second paper's attack with epsilon 1.")
  public static let tier = ThreatTier.omniscient

  public init(_: Arguments, setup _: AttackSetup) throws(ConfigurationError) {}

  public var threatModel: ThreatModel {
    ThreatModel(surface: .update, knowledge: .honestUpdates)
  }

  public mutating func craft(
    _ rows: inout Matrix<Float>, _ view: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    guard rows.rowCount > 0, let mean = view.honest?.mean(pool: view.pool) else { return [:] }
    rows.fill(with: mean, times: -1)
    return [:]
  }
}
