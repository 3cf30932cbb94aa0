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
    let scenario = part.variant.scenario
    var notes: [String] = []
    var known: [String: [UInt64]] = [:]
    let wanted = Set(part.wanted.map(\.attack))
    for (place, attack) in part.axes.attacks.enumerated()
    where wanted.contains(place) && attack.reason == nil && attack.attack.acts {
      let key = attack.attack.rosterKey ?? ""
      let idle =
        known[key] ?? seeds.filter { neverActs(attack.attack, scenario, SeedPath(root: $0)) }
      known[key] = idle
      guard let first = idle.first else { continue }
      let list =
        idle.count == seeds.count
        ? "any seed"
        : idle.count == 1 ? "seed \(first)" : "the seeds \(Self.list(idle))"
      notes.append(
        "under '\(attack.id)' no attacker acts with \(list): none of them takes part in a round in "
          + "which the schedule lets it act")
    }
    return notes
  }

  private static func list(_ seeds: [UInt64]) -> String {
    seeds.prefix(10).map(String.init).joined(separator: ", ")
      + (seeds.count > 10 ? " and \(seeds.count - 10) more" : "")
  }

  private mutating func neverActs(
    _ attack: ResolvedAttack, _ scenario: Scenario, _ seed: SeedPath
  ) -> Bool {
    let (threat, clients) = (scenario.threat, scenario.clients)
    guard threat.maliciousCount > 0, budget > 0 else { return false }
    let sampling = ClientSampling(clients: clients, threat: threat, seed: seed)
    let roster = AttackRoster(
      controlled: sampling.controlled, threat: threat, attack: attack, seed: seed)
    let isEverybodyThere =
      clients.participantCount == clients.count
      || threat.participation == .always && threat.maliciousCount <= clients.participantCount
    for round in threat.window {
      let present = isEverybodyThere ? sampling.controlled : sampling.participants(round: round)
      if present.contains(where: { roster.acts($0, round: round, window: threat.window) }) {
        return false
      }
      budget -= isEverybodyThere ? present.count : clients.count
      if budget <= 0 { return false }
    }
    return true
  }
}
