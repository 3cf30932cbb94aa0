public import Components
public import Determinism
public import Federation
public import Kernels
public import Tensors

/// Sends infinities, to crash or poison the server.
///
/// The server removes and counts such rows before any stage or rule sees them, so the attack
/// measures that removal, and what fewer rows do to the rule.
///
/// - Complexity: O(f d).
public struct InfiniteUpdate: Attack {
  public static let manifest = ComponentManifest(
    id: "inf-update",
    summary: "Sends infinities.",
    formula: "every coordinate of Δ_a is +∞, or −∞, or they alternate, +∞ first",
    origin: "Folklore: a crash test of the server.",
    parameters: [
      ParameterSpec(
        "sign", .choice(["plus", "minus", "both"]), default: .text("plus"),
        help: "which infinity; of both a plain sum of two coordinates is not a number")
    ])
  public static let tier = ThreatTier.fakeClient

  private let even: Float
  private let odd: Float

  public init(_ arguments: Arguments, setup _: AttackSetup) throws(ConfigurationError) {
    let sign = arguments.word("sign")
    even = sign == "minus" ? -.infinity : .infinity
    odd = sign == "plus" ? .infinity : -.infinity
  }

  public var threatModel: ThreatModel { ThreatModel(surface: .update) }

  public var craftsRowByRow: Bool { true }

  public mutating func craft(
    _ rows: inout Matrix<Float>, _: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    for row in 0..<rows.rowCount {
      rows.withMutableRow(row) { values in
        for column in values.indices { values[column] = column.isMultiple(of: 2) ? even : odd }
      }
    }
    return [:]
  }
}
