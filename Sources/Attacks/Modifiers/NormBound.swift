public import Components
public import Determinism
public import Federation
public import Kernels
public import Tensors

/// Shortens the rows that are sent to a norm.
///
/// Shorter rows keep their bits. After a boost it is train-and-scale: as much as passes a bound on
/// the norm. The number of shortened rows is recorded as `shortened`.
///
/// - Complexity: O(f d) per round.
public struct NormBound: AttackModifier {
  public static let manifest = ComponentManifest(
    id: "norm-bound",
    summary: "Shortens the sent rows to a norm.",
    formula: "Δ_a = Δ_a · min(1, bound / ‖Δ_a‖)",
    citations: [
      Citation.modelReplacement,
      Citation.neurotoxin,
    ],
    parameters: [
      ParameterSpec(
        "bound", .positive(), default: .required, help: "largest norm of the sent update")
    ])

  private let cap: NormCap

  public init(_ arguments: Arguments, setup _: AttackSetup) throws(ConfigurationError) {
    cap = NormCap(arguments.real("bound"))
  }

  public var threatModel: ThreatModel { ThreatModel(surface: .update) }

  public mutating func transform(
    _ rows: inout Matrix<Float>, _: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    guard rows.rowCount > 0 else { return [:] }
    return ["shortened": Double(cap.apply(to: &rows))]
  }
}
