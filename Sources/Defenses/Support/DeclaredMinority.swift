import Components
import Federation

/// The declared number of Byzantine rows, which a proof wants to be a minority.
///
/// n ≥ 2f + 1 comes from the proof; what is computed only has to leave a row. Rules that are in that
/// case have the parameter `relax`, and work without the proof where it is set.
struct DeclaredMinority: Sendable {
  /// The declared number.
  let f: Int
  private let isRelaxed: Bool
  /// Whether the rule is made for so few rows that its proof says nothing.
  let isOutsideProof: Bool

  /// Reads `f` and `relax` and adds to `problems` why n rows are too few.
  init(
    _ arguments: Arguments, setup: DefenseSetup, component: ComponentID,
    problems: inout [ConfigurationError.Problem]
  ) {
    f = arguments.integer("f")
    let limit = ProofLimit(arguments, setup: setup, of: f, proof: (2, 1), computation: (1, 1))
    isRelaxed = limit.isRelaxed
    isOutsideProof = limit.isOutsideProof
    problems += [limit.problem(component)].compactMap(\.self)
  }

  /// Reads them where nothing else can be wrong.
  init(
    _ arguments: Arguments, setup: DefenseSetup, component: ComponentID
  ) throws(ConfigurationError) {
    var problems: [ConfigurationError.Problem] = []
    self.init(arguments, setup: setup, component: component, problems: &problems)
    guard problems.isEmpty else { throw ConfigurationError(problems) }
  }

  /// How many of so many rows, at least one, are taken for Byzantine where fewer arrive than
  /// announced: a minority, or without the proof all but one.
  func count(of rowCount: Int) -> Int {
    min(f, isRelaxed ? rowCount - 1 : (rowCount - 1) / 2)
  }
}

extension DefenseSetup {
  /// Refuses an f that is no minority, of rules that cannot do without one.
  func requireMinority(_ f: Int, component: ComponentID) throws(ConfigurationError) {
    guard participantCount < 2 * f + 1 else { return }
    throw ConfigurationError(
      .infeasible(
        component: component,
        reason: ProofLimit.reason((2, 1), f: f, participantCount: participantCount)))
  }
}
