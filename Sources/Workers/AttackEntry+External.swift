import Components
public import Federation

extension AttackEntry {
  /// An attack in another process; remembers workers as the entry of a rule does.
  public static func external() -> AttackEntry {
    let known = WorkerSupplies(kind: .attack, component: ExternalAttack.manifest.id)
    var entry = AttackEntry(ExternalAttack.self)
    entry.describing = { (arguments, folder) throws(ConfigurationError) in
      let (supply, identity) = try known.supply(arguments, in: folder)
      guard supply.ready.needs.isEmpty else {
        throw ConfigurationError(supply.unknown(need: supply.ready.needs[0], known: []))
      }
      let knowledge = try supply.knowledge()
      let described = AttackEntry(
        manifest: ExternalAttack.manifest,
        tier: knowledge == .ownClients ? .ownKnowledge : .omniscient
      ) { (_, setup) in ExternalAttack(supply, knowledge, setup: setup) }
      return Described(described, identity: identity)
    }
    return entry
  }
}
