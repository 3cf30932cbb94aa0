public import Components
import Determinism
public import Federation
import Kernels
import Tensors

/// The updates weighted by how little the history of their client resembles that of another.
///
/// The history of a client is the sum of its updates so far, in the output layer where the model has
/// one, else in all coordinates. A client that did not send anything in the round has no part in it,
/// but keeps its history. As in the authors' code a largest similarity below 0 counts as 0, and so
/// does the cosine with a zero history. Where every weight is 0 the update is zero. A single row is
/// its own aggregate.
///
/// `combine = sum` is the paper's Σ α_i x_i, for clients that send one gradient; `average` divides by
/// Σ α_i, so that the step stays as long as an update. Row weights are ignored.
///
/// A row of weight 0 is rejected, one with less than an equal share downweighted; neither declares a
/// client malicious, for honest clients with the same data resemble each other, too. A verdict's
/// weight is α_i / Σ α; suspicion is the largest similarity after pardoning, in 0...1.
///
/// - Complexity: O(n² h) for h coordinates of history. Memory between rounds: one history of h floats
///   per client.
/// - Note: Fung, Yoon, Beschastnikh, RAID 2020, algorithm 1 with confidence 1, without weights of
///   features. Histories are kept in single precision.
public struct FoolsGold: Aggregator {
  public static let manifest = ComponentManifest(
    id: "foolsgold",
    summary: "Updates weighted by how little their clients' histories resemble each other.",
    formula: """
      H_i = Σ over rounds of x_i; s_ij = cos(H_i, H_j); v_i = max(0, max_j s_ij); where v_j > v_i, \
      s_ij becomes s_ij v_i / v_j; α_i = 1 − max_j s_ij, within 0...1, divided by the largest; then \
      α_i = ln(α_i / (1 − α_i)) + 1/2, within 0...1; the result is Σ α_i x_i / Σ α_i
      """,
    preconditions: ["the same clients in every round", "one client per row"],
    citations: [
      Citation(
        ["Fung", "Yoon", "Beschastnikh"],
        "The limitations of federated learning in Sybil settings", "RAID", 2020,
        arXiv: "1808.04866")
    ], origin: "The paper adds without dividing: combine = sum.",
    parameters: [
      ParameterSpec(
        "combine", .choice(["average", "sum"]), default: .text("average"),
        help: "whether weighted updates are averaged, or added as in the paper")
    ])

  public static let needs: DefenseNeeds = [.stableClients]
  public static let traits: DefenseTraits = [.stateful]
  public static let laws: RuleLaws = [.scale, .singleRow, .order]
  public static let reports = ["weighted"]

  private let isSum: Bool
  /// The columns of the output layer; `nil`: all.
  private let columns: [Int]?
  /// How many coordinates of the model a history has; 0 on a bare matrix.
  private let width: Int
  private let clientCount: Int
  /// The clients that have a history, and the histories in their order.
  private var known: [ClientID] = []
  private var histories = Matrix<Float>(rowCount: 0, columnCount: 0)

  public init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError) {
    isSum = arguments.word("combine") == "sum"
    columns = setup.layout.outputColumns
    width = columns?.count ?? setup.layout.count
    clientCount = setup.clientCount
  }

  public mutating func checkpoint(_ pass: inout CheckpointPass) {
    pass.visit(&known, from: ClientID(0)) { $0.visit(&$1) }
    pass.visit(&histories)
    pass.requireClients(known, below: clientCount)
    pass.require(
      Set(known).count == known.count && histories.rowCount == known.count,
      "it has \(histories.rowCount) histories of \(Set(known).count) clients")
    pass.requireColumns(known.isEmpty ? nil : histories.columnCount, of: width)
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    if columns == nil, !known.isEmpty {
      try updates.requireColumns(histories.columnCount, by: Self.manifest.id)
    }
    let n = updates.rowCount
    let clients = updates.provenance.map(\.shares[0].client)
    let values = updates.values
    remember(
      columns.map { values.selectingColumns($0, pool: round.pool) } ?? values, of: clients)
    let places = clients.compactMap { known.firstIndex(of: $0) }
    let similarity = Similarities(
      of: known == clients ? histories : histories.selecting(places), pool: round.pool)
    let (alphas, suspicions) = Self.weights(similarity)
    let total = alphas.reduce(0, +)
    let shares = alphas.map { total > 0 ? $0 / total : 0 }
    let equalShare = (1 - 1e-9) / Double(n)
    return Aggregation(
      update: values.combination(isSum ? alphas : shares, pool: round.pool),
      verdicts: zip(shares, suspicions).map { share, suspicion in
        Verdict(
          share == 0 ? .rejected : share < equalShare ? .downweighted : .accepted, weight: share,
          suspicion: suspicion)
      },
      report: ["weighted": .number(Double(alphas.count { $0 > 0 }))])
  }

  /// Adds the rows to the histories of their clients.
  ///
  /// The first round's rows are kept as they are, which takes no copy.
  private mutating func remember(_ rows: Matrix<Float>, of clients: [ClientID]) {
    guard !known.isEmpty else {
      (known, histories) = (clients, rows)
      return
    }
    for (row, client) in clients.enumerated() {
      if let place = known.firstIndex(of: client) {
        rows.withRow(row) { source in
          histories.withMutableRow(place) { Float.axpy(1 as Double, source, into: &$0) }
        }
      } else {
        known.append(client)
        histories.resize(rowCount: known.count)
        histories.setRow(known.count - 1, toRow: row, of: rows)
      }
    }
  }

  /// α_i, and the largest similarity of each row after pardoning.
  private static func weights(
    _ similarity: Similarities
  ) -> (alphas: [Double], suspicions: [Double]) {
    let rows = 0..<similarity.count
    let largest = rows.map { i in
      rows.reduce(0) { $1 == i ? $0 : max($0, similarity.cosine(i, $1)) }
    }
    let pardoned = rows.map { i in
      rows.reduce(0) { most, j in
        guard j != i else { return most }
        let factor = largest[j] > largest[i] ? largest[i] / largest[j] : 1
        return max(most, similarity.cosine(i, j) * factor)
      }
    }
    let raw = pardoned.map { min(max(1 - $0, 0), 1) }
    let top = raw.reduce(0, max)
    guard top > 0 else { return (raw, pardoned) }
    let alphas = raw.map { value in
      let ratio = value / top
      guard ratio < 1 else { return 1.0 }
      return min(max(ElementaryFunctions.log(ratio / (1 - ratio)) + 0.5, 0), 1)
    }
    return (alphas, pardoned)
  }
}
