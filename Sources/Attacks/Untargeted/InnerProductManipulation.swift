public import Components
public import Determinism
public import Federation
public import Kernels
public import Tensors

/// Sends a multiple of the negative honest mean: Δ_a = −epsilon · μ.
///
/// A plain average points against μ where epsilon · f > h for f attackers and h honest clients. All
/// attackers send the same row. Where no honest client takes part rows stay what they are, and
/// nothing is recorded; else `epsilon` is. The mean is the plain one, whatever the rows weigh.
///
/// The default of 0.5 lies in the range of 0.1 to 0.5 that rules which select near rows fail
/// against, and with 20 % attackers a plain average still moves forward: the attack is on robust
/// rules. Median-like rules suffer more from 10 and above.
///
/// - Complexity: O((h + f) d) per round.
/// - Note: Xie, Koyejo, Gupta, UAI 2019. Epsilon 1 is the negative mean that some libraries call sign
///   flipping.
public struct InnerProductManipulation: Attack {
  public static let manifest = ComponentManifest(
    id: "ipm",
    summary: "Sends a multiple of the negative honest mean.",
    formula: "Δ_a = −epsilon · μ with the plain mean μ of the honest updates of the round",
    preconditions: ["knows the honest updates"],
    citations: [Citation.fallOfEmpires],
    parameters: [
      ParameterSpec(
        "epsilon", .real(0 ... .greatestFiniteMagnitude), default: .real(0.5),
        help: "length in units of the honest mean; small against selection, large against medians")
    ])
  public static let tier = ThreatTier.omniscient

  private let epsilon: Double

  public init(_ arguments: Arguments, setup _: AttackSetup) throws(ConfigurationError) {
    epsilon = arguments.real("epsilon")
  }

  public var threatModel: ThreatModel {
    ThreatModel(surface: .update, knowledge: .honestUpdates)
  }

  public mutating func craft(
    _ rows: inout Matrix<Float>, _ view: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    guard rows.rowCount > 0, let mean = view.honest?.mean(pool: view.pool) else { return [:] }
    rows.fill(with: mean, times: -epsilon)
    return ["epsilon": epsilon]
  }
}
