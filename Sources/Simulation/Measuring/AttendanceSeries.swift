/// The series of per-round results that say how many updates a round had, in scenarios where that may be
/// fewer than clients were chosen.
public enum AttendanceSeries {
  /// Updates that reached the server in time, those that are not finite among them.
  public static let participants = "participants"
  /// Chosen clients that did not answer.
  public static let silent = "participants.silent"
  /// Clients whose update came after the deadline.
  public static let late = "participants.late"
  /// Those of them that acted as the attack says.
  public static let lateAttackers = "threat.late"

  /// All of them, in the order of their columns.
  public static let ids = [participants, silent, late, lateAttackers]

  /// The figures of a round by series.
  static func figures(of observation: RoundObservation) -> [String: Double] {
    [
      participants: Double(observation.clients.count + observation.dropped.count),
      silent: Double(observation.silentCount), late: Double(observation.late.count),
      lateAttackers: Double(observation.lateActing.count),
    ]
  }
}
