public import Components
public import Determinism
public import Federation
public import Kernels
public import Tensors

/// Sends values that are not numbers, to crash or poison the server.
///
/// The server removes and counts such rows before any stage or rule sees them, so the attack measures
/// that removal, and what fewer rows do to the rule.
///
/// - Complexity: O(f d).
public struct NaNUpdate: Attack {
  public static let manifest = ComponentManifest(
    id: "nan-update",
    summary: "Sends values that are not numbers.",
    formula: "every coordinate of Δ_a is NaN",
    origin: "Folklore: a crash test of the server.")
  public static let tier = ThreatTier.fakeClient

  public init(_: Arguments, setup _: AttackSetup) throws(ConfigurationError) {}

  public var threatModel: ThreatModel { ThreatModel(surface: .update) }

  public var craftsRowByRow: Bool { true }

  public mutating func craft(
    _ rows: inout Matrix<Float>, _: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    for row in 0..<rows.rowCount { rows.fillRow(row, with: .nan) }
    return [:]
  }
}
