import Components
import Federation
import Results

/// An attack and its modifiers with complete parameters.
struct SingleAttack: Sendable {
  let attack: Chosen<AttackEntry>
  var modifiers: [Chosen<ModifierEntry>] = []
  /// When it acts; `nil`: as is said for all.
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
}

/// What the controlled clients do: one attack, or several at once by different clients.
struct ResolvedAttack: Sendable {
  /// Some of the controlled clients, and their attack.
  struct Group: Sendable {
    /// Names its figures.
    let name: String
    let clientCount: Int
    let attack: SingleAttack
  }

  private enum Kind: Sendable {
    case single(SingleAttack)
    case groups([Group], schedule: Chosen<AttackScheduleEntry>?)
  }

  private let kind: Kind

  init(_ attack: SingleAttack) { kind = .single(attack) }

  /// - Precondition: At least one group; together they have every controlled client.
  init(groups: [Group], schedule: Chosen<AttackScheduleEntry>?) {
    precondition(!groups.isEmpty, "an attack of no group")
    kind = .groups(groups, schedule: schedule)
  }

  /// The attacks, in the order of their groups.
  var attacks: [SingleAttack] {
    switch kind {
    case .single(let attack): [attack]
    case .groups(let groups, _): groups.map(\.attack)
    }
  }

  /// The one attack of all controlled clients; `nil`: there are groups.
  var single: SingleAttack? {
    if case .single(let attack) = kind { attack } else { nil }
  }

  /// The names of the groups; `nil`: there are none.
  var groupNames: [String]? {
    if case .groups(let groups, _) = kind { groups.map(\.name) } else { nil }
  }

  /// Deals the controlled clients: the first group has the first ones, and so on.
  func hands(of controlled: [ClientID]) -> [[ClientID]] {
    guard case .groups(let groups, _) = kind else { return [controlled] }
    var start = 0
    return groups.map { group in
      defer { start += group.clientCount }
      return Array(controlled[start..<start + group.clientCount])
    }
  }

  /// The schedule of each attack; `nil`: the scenario's.
  var schedules: [Chosen<AttackScheduleEntry>?] {
    switch kind {
    case .single(let attack): [attack.schedule]
    case .groups(let groups, let schedule): groups.map { $0.attack.schedule ?? schedule }
    }
  }

  func make(_ setup: AttackSetup) throws(ConfigurationError) -> AttackGroups {
    switch kind {
    case .single(let attack): return AttackGroups(try attack.make(setup), of: setup.controlled)
    case .groups(let groups, _):
      var made: [AttackGroups.Group] = []
      for (group, hand) in zip(groups, hands(of: setup.controlled)) {
        made.append(
          .init(
            name: group.name, clients: hand,
            attack: try group.attack.make(setup.limited(to: hand))))
      }
      return AttackGroups(made)
    }
  }

  var json: JSONValue {
    switch kind {
    case .single(let attack): return attack.json
    case .groups(let groups, let schedule):
      var object: [String: JSONValue] = [
        "groups": .array(
          groups.map { ["clients": .integer($0.clientCount), "attack": $0.attack.json] })
      ]
      if let schedule { object["schedule"] = schedule.json }
      return .object(object)
    }
  }

  /// Whether it is an attack at all.
  var acts: Bool { attacks.contains { $0.attack.id != "none" || !$0.modifiers.isEmpty } }

  /// What sets the clients that act apart from those of the scenario's schedule; `nil`: nothing does.
  var rosterKey: String? {
    switch kind {
    case .single(let attack): return attack.schedule.map { CanonicalJSON.string($0.json) }
    case .groups(let groups, _):
      let own = zip(groups, schedules).map { group, schedule in
        JSONValue.object([
          "clients": .integer(group.clientCount), "schedule": schedule?.json ?? .null,
        ])
      }
      return CanonicalJSON.string(.array(own))
    }
  }
}
