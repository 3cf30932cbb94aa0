public import Datasets
public import Training

/// Replaces parts of the engine after planning.
///
/// For tests of the gate and for experiments with noise: trial keys, records and the plan do not
/// see a substitution, so results keep their identity while the numbers change. Results made with
/// one are not what a scenario says. Every part is the identity unless it is set, which changes no
/// bit. Components and metrics need none of this: they come from the catalogs that a ``Plan`` and a
/// ``Runner`` are given.
public struct Substitutions: Sendable {
  /// Takes the source of a data set and returns the one that is loaded.
  ///
  /// Shape and number of classes stay; the digest in the trial's key is that of the original.
  public var data: @Sendable (any DataSource) -> any DataSource = { $0 }
  /// Takes the rule of the scenario and returns the one that deals examples to clients.
  public var partition: @Sendable (any Partition) -> any Partition = { $0 }
  /// Takes the declared window and returns the rounds in which the attack acts.
  ///
  /// Meters and metrics go on to see the declared window.
  public var window: @Sendable (Range<Int>) -> Range<Int> = { $0 }
  /// Takes the schedule of a round, learning rate included, and returns the one that clients follow.
  public var schedule: @Sendable (LocalSchedule) -> LocalSchedule = { $0 }

  public init() {}

  /// Replaces nothing.
  public static let none = Substitutions()
}
