public import Components
public import Determinism
public import Federation
public import Kernels
public import Tensors

/// Sends a zero update: the attackers freeload.
///
/// Under the mean it slows training down by the share of the attackers; rules that prefer rows close
/// to others may pick it when honest updates are spread out.
///
/// - Complexity: O(f d).
public struct ZeroUpdate: Attack {
  public static let manifest = ComponentManifest(
    id: "zero-update",
    summary: "Sends zeros.",
    formula: "Δ_a = 0",
    origin: "Folklore: the free rider, the weakest test of a rule.")
  public static let tier = ThreatTier.fakeClient

  public init(_: Arguments, setup _: AttackSetup) throws(ConfigurationError) {}

  public var threatModel: ThreatModel { ThreatModel(surface: .update) }

  public var craftsRowByRow: Bool { true }

  public mutating func craft(
    _ rows: inout Matrix<Float>, _: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    for row in 0..<rows.rowCount { rows.fillRow(row, with: 0) }
    return [:]
  }
}
