public import Components
public import Determinism
public import Federation
public import Kernels
import Statistics
public import Tensors

/// Sends a random row with the sign statistics and the length of honest ones, against SignGuard.
///
/// As many coordinates are positive, negative and zero as in the plain honest mean, their sizes are
/// drawn evenly from 0 to 1, and their places at random; the row then gets the median length of the
/// honest rows. SignGuard, which looks at lengths and shares of signs, sees an honest client whose
/// direction says nothing. All attackers send the same row. Its length is recorded as `length`.
///
/// A mean of zero gives zeros. Where no honest client takes part rows stay what they are.
///
/// - Complexity: O(h d), and 2 d draws.
/// - Note: The adaptive attack of Blades on SignGuard (Xu, Huang, Song, Lan, ICDCS 2022).
///   Deviation: Blades leaves the length as drawn, about √(d / 3), which SignGuard's own bound on
///   the length removes where it is tested before clipping; `length` drawn is that.
public struct SignGuardAdaptive: Attack {
  public static let manifest = ComponentManifest(
    id: "sign-guard-adaptive",
    summary: "Sends a random row with the sign statistics and the length of honest ones.",
    formula: """
      Δ_a = L · r / ‖r‖, where r is a random permutation of p values from U(0, 1), q values from \
      −U(0, 1) and zeros, for the p positive and q negative coordinates of the plain honest mean, \
      and L is the median of the honest ‖Δ_i‖, or ‖r‖ as drawn
      """,
    preconditions: ["knows the honest updates"],
    citations: [
      Citation(
        ["Li", "Ngai", "Ye", "Voigt"],
        """
        Blades: a unified benchmark suite for Byzantine attacks and defenses in federated \
        learning
        """, "IoTDI", 2024, arXiv: "2206.05359")
    ], origin: "The adaptive attack on SignGuard in the code of Blades, which has no name for it.",
    parameters: [
      ParameterSpec(
        "length", .choice(["median", "drawn"]), default: .text("median"),
        help: "whether the row gets the median length of the honest ones or stays as drawn")
    ])
  public static let tier = ThreatTier.omniscient

  private let isScaled: Bool

  public init(_ arguments: Arguments, setup _: AttackSetup) throws(ConfigurationError) {
    isScaled = arguments.word("length") == "median"
  }

  public var threatModel: ThreatModel {
    ThreatModel(surface: .update, knowledge: .honestUpdates)
  }

  public mutating func craft(
    _ rows: inout Matrix<Float>, _ view: AttackerView, random: inout RandomStream
  ) -> [String: Double] {
    guard rows.rowCount > 0, let honest = view.honest,
      let mean = honest.meanAndDeviation(pool: view.pool)?.mean
    else { return [:] }
    let positive = mean.count { $0 > 0 }
    let negative = mean.count { $0 < 0 }
    var row: [Double] = []
    for _ in 0..<positive { row.append(random.unit()) }
    for _ in 0..<negative { row.append(-random.unit()) }
    row += [Double](repeating: 0, count: mean.count - row.count)
    random.shuffle(&row)
    var length = Double.squaredNorm(row.span).squareRoot()
    if isScaled && length > 0, let median = Median.of(honest.rows.map(honest.all.norm(ofRow:))) {
      for column in row.indices { row[column] *= median / length }
      length = median
    }
    rows.fill(with: row)
    return ["length": length]
  }
}
