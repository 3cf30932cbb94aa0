public import Components
public import Federation
import Tensors

/// The average of the n − f rows nearest to the row of a trusted client, which is one of them.
///
/// Whoever is trusted decides the result, so trust nobody that could be an attacker: `first`, the
/// lowest client of the round, is as good as any other client that nobody vouches for. Where the
/// trusted client's row is missing, there is nobody to compare with, and the update is zero. Ties go
/// to the lowest row, but the trusted row comes first. Row weights are ignored; f = 0 is the plain
/// average. If fewer rows arrive than announced, at least the trusted one is kept.
///
/// A rejection says that a row is far from the trusted one; suspicion is that distance.
///
/// - Complexity: O(n d).
/// - Note: Farhadkhani, Guerraoui, Gupta, Hoang, Pinot, Stephan, ICML 2023, where each node of a
///   network without a server trusts itself; the rule is their nearest neighbor averaging.
public struct MoNNA: Aggregator {
  public static let manifest = ComponentManifest(
    id: "monna",
    summary: "The average of the updates nearest to that of a trusted client.",
    formula: """
      average the n − f rows x_i of least ‖x_i − x_t‖ with t = the trusted client, x_t first, then \
      ties to the lowest row; the zero update if x_t is missing
      """,
    preconditions: ["n >= 2f + 1", "the same clients in every round", "one client per row"],
    citations: [
      Citation(
        ["Farhadkhani", "Guerraoui", "Gupta", "Hoang", "Pinot", "Stephan"],
        "Robust collaborative learning with linear gradient overhead", "ICML", 2023,
        arXiv: "2209.10931")
    ], origin: "The paper has no server: each node trusts itself.",
    parameters: [
      ParameterSpec(
        "f", .integer(0...1_000_000), default: .plan(.declaredByzantine),
        help: "declared number of Byzantine submissions: how many rows to leave out"),
      ProofLimit.parameter,
      ParameterSpec(
        "trusted", .integer(0...1_000_000, orWords: ["first"]), default: .text("first"),
        help: "the client to trust; first: the lowest one of the round"),
    ])

  public static let needs: DefenseNeeds = [.stableClients, .fullParticipation]
  // Not order: the lowest row may be trusted.
  public static let laws: RuleLaws = [.translation, .scale, .equalRows, .singleRow, .range]

  private let minority: DeclaredMinority
  /// `nil`: the lowest one of the round.
  private let trusted: Int?

  public var isOutsideProof: Bool { minority.isOutsideProof }

  public init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError) {
    trusted = arguments.wholeNumber("trusted")
    var problems: [ConfigurationError.Problem] = []
    minority = DeclaredMinority(
      arguments, setup: setup, component: Self.manifest.id, problems: &problems)
    if let trusted, trusted >= setup.clientCount {
      problems.append(
        .invalid(
          component: Self.manifest.id,
          reason: """
            trusted = \(trusted) is no client: they are numbered from 0 to \(setup.clientCount - 1)
            """))
    }
    guard problems.isEmpty else { throw ConfigurationError(problems) }
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let n = updates.rowCount
    let wanted = trusted.map { ClientID($0) }
    guard
      let row = wanted.map({ client in
        updates.provenance.firstIndex { $0.shares[0].client == client }
      }) ?? 0
    else {
      return Aggregation(
        update: .init(repeating: 0, count: updates.columnCount),
        verdicts: .init(repeating: Verdict(.rejected, weight: 0), count: n),
        report: ["selected": .rows([])])
    }
    let squares = updates.values.squaredDistances(to: updates.values.row(row), pool: round.pool)
    // No distance is below the row's own 0.
    let others = squares.indices.filter { $0 != row }.sorted {
      (squares[$0], $0) < (squares[$1], $1)
    }
    let nearest = [row] + others.prefix(max(n - minority.f, 1) - 1)
    return Aggregation(
      averaging: nearest, of: updates.values, scores: squares.map { $0.squareRoot() },
      pool: round.pool)
  }
}
