import Components
import Federation
import Results

/// An attack and its modifiers with complete parameters.
struct ResolvedAttack: Sendable {
  let attack: Chosen<AttackEntry>
  var modifiers: [Chosen<ModifierEntry>] = []
  /// When it acts; `nil`: as the scenario says for all attacks.
  var schedule: Chosen<AttackScheduleEntry>?

  func make(_ setup: AttackSetup) throws(ConfigurationError) -> AttackPipeline {
    var made: [any AttackModifier] = []
    for modifier in modifiers {
      made.append(try modifier.entry.make(modifier.arguments, setup))
    }
    return AttackPipeline(try attack.entry.make(attack.arguments, setup), modifiers: made)
  }

  var json: JSONValue {
    guard case .object(var object) = attack.json else { return attack.json }
    if !modifiers.isEmpty { object["with"] = .array(modifiers.map(\.json)) }
    if let schedule { object["schedule"] = schedule.json }
    return .object(object)
  }

  /// Whether it is an attack at all.
  var acts: Bool { attack.id != "none" || !modifiers.isEmpty }

  /// What sets the clients that act apart from those of the scenario's schedule; `nil`: nothing does.
  var rosterKey: String? { schedule.map { CanonicalJSON.string($0.json) } }
}
