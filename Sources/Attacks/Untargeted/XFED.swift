public import Components
public import Determinism
public import Federation
public import Kernels
import Statistics
public import Tensors

/// Turns each attacker's own update around by as much as the global model usually moves.
///
/// Attackers do not collude: each sees the global models and its own update, nothing of the others.
/// From the lengths of the last `window` changes of the global model over the server's rate it
/// takes the median and the median absolute deviation from it; `strength` times their sum is how
/// far it goes from its own update in the direction opposite to it. Where that is more than the
/// update is long, the row points against training.
///
/// Until two global models were seen the own update's length takes the place of the estimate. A
/// zero update has no direction and stays. Recorded is the estimate as `scale`, where there is one.
///
/// - Complexity: O(f d) per round, and memory for two vectors.
/// - Note: Mouri, Ridowan, Adnan, arXiv 2604.09489, after its summary: the estimate of the benign
///   scale from changes of the global model by median and MAD, and the inverse unit direction, are
///   theirs; how they go together, and both defaults, are ours, so that its figures do not carry
///   over.
public struct XFED: Attack {
  public static let manifest = ComponentManifest(
    id: "xfed",
    summary: "Turns each attacker's own update around by as much as the model usually moves.",
    formula: """
      Δ_a = Δ_a − γ · Δ_a / ‖Δ_a‖, each attacker by itself, with γ = strength · (median(L) + \
      MAD(L)) for the last window lengths L_s = ‖w_s − w_(s−1)‖ / server rate
      """,
    preconditions: ["sees the global model of each round"],
    citations: [
      Citation(
        ["Mouri", "Ridowan", "Adnan"],
        """
        XFED: non-collusive model poisoning attack against Byzantine-robust federated classifiers
        """, "arXiv", 2026, arXiv: "2604.09489")
    ],
    origin: "After the paper's summary; how its parts go together, and the defaults, are ours.",
    parameters: [
      ParameterSpec(
        "strength", .positive(), default: .real(2),
        help: "how far from the own update, in the estimated scale of updates"),
      ParameterSpec(
        "window", .integer(1...1_000_000), default: .integer(5),
        help: "changes of the global model that the scale is estimated from"),
    ])
  public static let tier = ThreatTier.ownKnowledge

  private let strength: Double
  private let window: Int
  private let serverRate: Double
  private let parameterCount: Int
  private var last: [Float] = []
  /// Lengths of the last changes, the youngest at the end.
  private var lengths: [Double] = []

  public init(_ arguments: Arguments, setup: AttackSetup) throws(ConfigurationError) {
    strength = arguments.real("strength")
    window = arguments.integer("window")
    serverRate = setup.serverRate
    parameterCount = setup.layout.count
  }

  public var threatModel: ThreatModel { ThreatModel(surface: .update) }

  public mutating func observe(_ broadcast: Broadcast) {
    let next = broadcast.global
    if last.count == next.count && !next.isEmpty && serverRate > 0 {
      let length = Float.squaredDistance(next.span, last.span).squareRoot() / serverRate
      if length.isFinite { lengths.append(length) }
      if lengths.count > window { lengths.removeFirst() }
    }
    last = next
  }

  public mutating func checkpoint(_ pass: inout CheckpointPass) {
    pass.visit(&last, emptyOr: parameterCount)
    pass.visit(&lengths)
    pass.require(
      lengths.count <= window && lengths.allSatisfy(\.isFinite), "lengths are not of its window")
  }

  public mutating func craft(
    _ rows: inout Matrix<Float>, _: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    let scale = scale
    for row in 0..<rows.rowCount {
      let length = rows.norm(ofRow: row)
      guard length > 0 else { continue }
      rows.scaleRow(row, by: 1 - strength * (scale ?? length) / length)
    }
    guard rows.rowCount > 0, let scale else { return [:] }
    return ["scale": scale]
  }

  /// Median and median absolute deviation of the lengths, added; `nil` where there is none.
  private var scale: Double? {
    guard let median = Median.of(lengths) else { return nil }
    return median + (Median.of(lengths.map { abs($0 - median) }) ?? 0)
  }
}
