public import Components
public import Determinism

/// When the controlled clients act within the attack window.
public protocol AttackSchedule: Sendable {
  /// Whether a controlled client acts in a round of the window.
  ///
  /// - Parameters:
  ///   - place: The client's rank among the controlled ones, ascending, from 0.
  ///   - count: The number of controlled clients.
  ///   - round: A round of the window.
  ///   - window: The attack window.
  ///   - seed: The path of what the schedule draws: the same for every attack and defense that a trial
  ///     with the same seed has, so that the same clients act.
  /// - Returns: Whether it acts; otherwise it trains as honest clients do.
  func acts(place: Int, of count: Int, round: Int, window: Range<Int>, seed: SeedPath) -> Bool

  /// Says what does not fit a window, or what parameters do not go together; `nil`: nothing.
  func problem(in window: Range<Int>) -> String?
}

extension AttackSchedule {
  public func problem(in _: Range<Int>) -> String? { nil }
}

/// How to build one schedule by name.
public struct AttackScheduleEntry: CatalogEntry {
  public let manifest: ComponentManifest
  public let make: @Sendable (Arguments) -> any AttackSchedule

  public init(
    manifest: ComponentManifest, make: @escaping @Sendable (Arguments) -> any AttackSchedule
  ) {
    self.manifest = manifest
    self.make = make
  }
}

/// The schedules that come with the suite, by id.
public let builtInAttackSchedules: [AttackScheduleEntry] = [
  EveryFewRounds.entry,
  InTurn.entry,
  RandomAttackers.entry,
  ListedRounds.entry,
]
