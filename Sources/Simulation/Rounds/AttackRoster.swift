import Determinism
import Federation

/// Who of the controlled clients acts in which rounds of the window.
///
/// A function of the seed, the threat settings and the attack's schedule alone, so that the clean twin can be
/// measured on the clients that act in a trial.
struct AttackRoster: Sendable {
  private let places: [ClientID: Int]
  private let schedule: any AttackSchedule
  private let seed: SeedPath

  /// - Parameters:
  ///   - controlled: The clients that the attack controls, ascending.
  ///   - threat: The threat settings, whose schedule is the default.
  ///   - attack: The attack, which may have a schedule of its own.
  ///   - seed: The path of the trial.
  init(
    controlled: [ClientID], threat: ThreatSettings, attack: ResolvedAttack?, seed: SeedPath
  ) {
    places = Dictionary(uniqueKeysWithValues: zip(controlled, 0...))
    schedule = (attack?.schedule ?? threat.schedule).made
    self.seed = seed.child("attack-schedule")
  }

  func isControlled(_ client: ClientID) -> Bool { places[client] != nil }

  /// Whether a client acts as the attack says in a round.
  func acts(_ client: ClientID, round: Int, window: Range<Int>) -> Bool {
    guard window.contains(round), let place = places[client] else { return false }
    return schedule.acts(
      place: place, of: places.count, round: round, window: window, seed: seed)
  }
}

extension Chosen<AttackScheduleEntry> {
  var made: any AttackSchedule { entry.make(arguments) }
}
