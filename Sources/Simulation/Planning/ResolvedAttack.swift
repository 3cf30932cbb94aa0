import Components
import Federation
import Results

/// An attack and its modifiers with complete parameters.
struct ResolvedAttack: Sendable {
  let attack: Chosen<AttackEntry>
  var modifiers: [Chosen<ModifierEntry>] = []

  func make(_ setup: AttackSetup) throws(ConfigurationError) -> AttackPipeline {
    var made: [any AttackModifier] = []
    for modifier in modifiers {
      made.append(try modifier.entry.make(modifier.arguments, setup))
    }
    return AttackPipeline(try attack.entry.make(attack.arguments, setup), modifiers: made)
  }

  var json: JSONValue {
    guard !modifiers.isEmpty, case .object(var object) = attack.json else { return attack.json }
    object["with"] = .array(modifiers.map(\.json))
    return .object(object)
  }
}
