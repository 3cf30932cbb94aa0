public import Components
public import Determinism
public import Federation
public import Kernels
public import Tensors

/// Sends normal noise instead of, or on top of, the honest update.
///
/// Every attacker and every coordinate has its own draw, rounded once to single precision. With
/// `sd` 0 all attackers send the constant `mean` (or the honest update shifted by it).
///
/// - Complexity: O(f d) draws.
/// - Note: Blanchard, El Mhamdi, Guerraoui, Stainer, NeurIPS 2017, whose attackers draw with a
///   deviation of 200; the default here is 1.
public struct GaussianNoise: Attack {
  public static let manifest = ComponentManifest(
    id: "gaussian-noise",
    summary: "Sends normal noise, alone or added to the honest update.",
    formula: """
      replace: Δ_a = e; add: Δ_a = Δ_a + e; e has independent coordinates from N(mean, sd²), \
      drawn anew for every attacker
      """,
    citations: [
      Citation(
        ["Blanchard", "El Mhamdi", "Guerraoui", "Stainer"],
        "Machine learning with adversaries: Byzantine tolerant gradient descent", "NeurIPS", 2017,
        arXiv: "1703.02757")
    ],
    parameters: [
      ParameterSpec(
        "mean", .real(-.greatestFiniteMagnitude ... .greatestFiniteMagnitude), default: .real(0),
        help: "mean of each coordinate of the noise"),
      ParameterSpec(
        "sd", .real(0 ... .greatestFiniteMagnitude), default: .real(1),
        help: "standard deviation of each coordinate of the noise"),
      ParameterSpec(
        "mode", .choice(["replace", "add"]), default: .text("replace"),
        help: "whether noise replaces the honest update or is added to it"),
    ])
  public static let tier = ThreatTier.fakeClient

  private let mean: Double
  private let deviation: Double
  private let isAdded: Bool

  public init(_ arguments: Arguments, setup _: AttackSetup) throws(ConfigurationError) {
    mean = arguments.real("mean")
    deviation = arguments.real("sd")
    isAdded = arguments.word("mode") == "add"
  }

  public var threatModel: ThreatModel { ThreatModel(surface: .update) }

  public mutating func craft(
    _ rows: inout Matrix<Float>, _: AttackerView, random: inout RandomStream
  ) -> [String: Double] {
    for row in 0..<rows.rowCount {
      rows.withMutableRow(row) { values in
        for column in values.indices {
          let noise = mean + deviation * random.normal()
          values[column] = Float(isAdded ? Double(values[column]) + noise : noise)
        }
      }
    }
    return [:]
  }
}
