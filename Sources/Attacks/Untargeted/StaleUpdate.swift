public import Components
public import Determinism
public import Federation
public import Kernels
public import Tensors

/// Sends what the client trained some rounds ago.
///
/// Each attacker keeps what it trained in the rounds in which it acts, and sends the youngest of it
/// that is at least `delay` rounds old; while there is none it sends the oldest, which at first is
/// that of the round. The age of the oldest row sent in a round is recorded as `age`.
///
/// - Complexity: O(f d) per round, and memory for `delay` + 1 vectors per attacker that acts in
///   every round.
public struct StaleUpdate: Attack {
  public static let manifest = ComponentManifest(
    id: "stale-update",
    summary: "Sends what the client trained some rounds ago.",
    formula: """
      Δ_a of round t is what the attacker trained in the last round <= t − delay in which it \
      acted, or in the first one
      """,
    origin: "Folklore: a straggler, or a replay of an old message.",
    parameters: [
      ParameterSpec(
        "delay", .integer(0...1_000_000), default: .integer(1),
        help: "how many rounds old the update is at least")
    ])
  public static let tier = ThreatTier.ownKnowledge

  private let delay: Int
  private let controlled: [ClientID]
  private let parameterCount: Int
  /// What each client trained, by round, ascending; nothing that is too old to be sent again.
  private var past: [ClientID: [(round: Int, row: [Float])]] = [:]

  public init(_ arguments: Arguments, setup: AttackSetup) throws(ConfigurationError) {
    delay = arguments.integer("delay")
    controlled = setup.controlled
    parameterCount = setup.layout.count
  }

  public var threatModel: ThreatModel { ThreatModel(surface: .update) }

  public mutating func checkpoint(_ pass: inout CheckpointPass) {
    pass.visit(
      &past, key: ClientID(0), from: [], { [controlled] in $0.visit(&$1, of: controlled) }
    ) { [parameterCount] pass, own in
      pass.visit(&own, from: (round: 0, row: [])) { pass, sent in
        pass.visit(natural: &sent.round)
        pass.visit(&sent.row, count: parameterCount)
      }
    }
  }

  public mutating func craft(
    _ rows: inout Matrix<Float>, _ view: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    guard rows.rowCount > 0 else { return [:] }
    var age = 0
    for (slot, client) in view.clients.enumerated() {
      var own = past[client] ?? []
      own.append((view.round, rows.row(slot)))
      let place = own.lastIndex { $0.round <= view.round - delay } ?? 0
      own.removeFirst(place)
      past[client] = own
      let oldest = own[0]
      rows.setRow(slot, to: oldest.row.span)
      age = max(age, view.round - oldest.round)
    }
    return ["age": Double(age)]
  }
}
