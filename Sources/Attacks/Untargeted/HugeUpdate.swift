public import Components
public import Determinism
public import Federation
public import Kernels
public import Tensors

/// Sends one huge finite value everywhere.
///
/// The server does not remove such rows, which are numbers like any others: sums of them in single
/// precision overflow, squares of them even in one coordinate. A defense that computes in double
/// precision survives; where its answer is too large for the model the trial has diverged.
///
/// - Complexity: O(f d).
public struct HugeUpdate: Attack {
  public static let manifest = ComponentManifest(
    id: "huge-update",
    summary: "Sends one huge finite value everywhere.",
    formula: "every coordinate of Δ_a is value",
    origin: "Folklore: a crash test that the removal of non-finite rows does not stop.",
    parameters: [
      ParameterSpec(
        "value", .real(-largest...largest), default: .real(1e38),
        help: "the value of each coordinate")
    ])
  public static let tier = ThreatTier.fakeClient

  private static let largest = Double(Float.greatestFiniteMagnitude)

  private let value: Float

  public init(_ arguments: Arguments, setup _: AttackSetup) throws(ConfigurationError) {
    value = Float(arguments.real("value"))
  }

  public var threatModel: ThreatModel { ThreatModel(surface: .update) }

  public var craftsRowByRow: Bool { true }

  public mutating func craft(
    _ rows: inout Matrix<Float>, _: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    for row in 0..<rows.rowCount { rows.fillRow(row, with: value) }
    return [:]
  }
}
