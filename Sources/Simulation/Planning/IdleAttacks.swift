import Determinism
import Federation

/// Finds attacks that never act: none of their clients takes part in a round in which the schedule
/// lets it act.
///
/// It replays who takes part, up to a number of draws for a whole plan; beyond that nothing is found.
struct IdleAttacks {
  /// The draws of clients that are left.
  private var budget = 5_000_000

  /// Returns a sentence for each attack that acts with none, or not with all, of the seeds.
  mutating func notes(_ part: Planner.Part, seeds: [UInt64]) -> [String] {
    let wanted = Set(part.wanted.map(\.attack))
    var notes: [String] = []
    var known: [String: [[UInt64]]] = [:]
    for (place, attack) in part.axes.attacks.enumerated()
    where wanted.contains(place) && attack.reason == nil && attack.attack.acts {
      let key = attack.attack.rosterKey ?? ""
      let idle = known[key] ?? self.seeds(seeds, without: attack.attack, part.variant.scenario)
      known[key] = idle
      for (group, own) in idle.enumerated() where !own.isEmpty {
        let name = attack.attack.groupNames.map { " of the group '\($0[group])'" } ?? ""
        notes.append(
          "under '\(attack.id)' no attacker\(name) acts with \(Self.list(own, of: seeds)): none of "
            + "them takes part in a round in which the schedule lets it act")
      }
    }
    return notes
  }

  private static func list(_ seeds: [UInt64], of all: [UInt64]) -> String {
    if seeds.count == all.count { return "any seed" }
    if seeds.count == 1 { return "seed \(seeds[0])" }
    return "the seeds " + seeds.prefix(10).map(String.init).joined(separator: ", ")
      + (seeds.count > 10 ? " and \(seeds.count - 10) more" : "")
  }

  /// The seeds with which each of the groups never acts.
  private mutating func seeds(
    _ seeds: [UInt64], without attack: ResolvedAttack, _ scenario: Scenario
  ) -> [[UInt64]] {
    var idle = [[UInt64]](repeating: [], count: attack.attacks.count)
    for seed in seeds {
      for group in idleGroups(attack, scenario, SeedPath(root: seed)) { idle[group].append(seed) }
    }
    return idle
  }

  private mutating func idleGroups(
    _ attack: ResolvedAttack, _ scenario: Scenario, _ seed: SeedPath
  ) -> [Int] {
    let (threat, clients) = (scenario.threat, scenario.clients)
    guard threat.maliciousCount > 0, budget > 0 else { return [] }
    budget -= clients.count
    let sampling = ClientSampling(clients: clients, threat: threat, seed: seed)
    let roster = AttackRoster(
      controlled: sampling.controlled, threat: threat, attack: attack, seed: seed)
    let isEverybodyThere =
      clients.dropout == 0
      && (clients.participantCount == clients.count
        || threat.participation == .always && threat.maliciousCount <= clients.participantCount)
    var idle = Set(0..<roster.squadCount)
    for round in threat.window {
      let present = isEverybodyThere ? sampling.controlled : sampling.participants(round: round)
      budget -= isEverybodyThere ? present.count : clients.count
      for client in present where roster.acts(client, round: round, window: threat.window) {
        if let squad = roster.squad(of: client) { idle.remove(squad) }
        if idle.isEmpty { return [] }
      }
      if budget <= 0 { return [] }
    }
    return idle.sorted()
  }
}
