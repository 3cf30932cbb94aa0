import Determinism
import Federation

/// Who of the controlled clients acts in which rounds of the window.
///
/// A function of the seed, the threat settings and the attack's schedule alone, so that the clean twin can be
/// measured on the clients that act in a trial.
struct AttackRoster: Sendable {
  /// Clients that follow one schedule: those of one attack.
  private struct Squad: Sendable {
    let schedule: any AttackSchedule
    let clientCount: Int
    /// The path of what the schedule draws.
    let seed: SeedPath
  }

  private let squads: [Squad]
  /// Each controlled client's squad, and its rank there.
  private let places: [ClientID: (squad: Int, rank: Int)]

  /// - Parameters:
  ///   - controlled: The clients that the attack controls, ascending.
  ///   - threat: The threat settings, whose schedule is the default.
  ///   - attack: The attack, which may have groups and schedules of its own; `nil`: neither.
  ///   - seed: The path of the trial.
  init(
    controlled: [ClientID], threat: ThreatSettings, attack: ResolvedAttack?, seed: SeedPath
  ) {
    let hands = attack?.hands(of: controlled) ?? [controlled]
    let path = seed.child("attack-schedule")
    squads = zip(hands, attack?.schedules ?? [nil]).enumerated().map { place, squad in
      Squad(
        schedule: (squad.1 ?? threat.schedule).made, clientCount: squad.0.count,
        // The first group acts as it would alone, another one independently of it.
        seed: place == 0 ? path : path.child("group").child(place))
    }
    places = Dictionary(
      uniqueKeysWithValues: hands.enumerated().flatMap { squad, hand in
        hand.enumerated().map { ($0.element, (squad, $0.offset)) }
      })
  }

  /// The number of attacks.
  var squadCount: Int { squads.count }

  /// The place of the attack that a client is in.
  func squad(of client: ClientID) -> Int? { places[client]?.squad }

  func isControlled(_ client: ClientID) -> Bool { places[client] != nil }

  /// Whether a client acts as the attack says in a round.
  func acts(_ client: ClientID, round: Int, window: Range<Int>) -> Bool {
    guard window.contains(round), let place = places[client] else { return false }
    let squad = squads[place.squad]
    return squad.schedule.acts(
      place: place.rank, of: squad.clientCount, round: round, window: window, seed: squad.seed)
  }
}

extension Chosen<AttackScheduleEntry> {
  var made: any AttackSchedule { entry.make(arguments) }
}
