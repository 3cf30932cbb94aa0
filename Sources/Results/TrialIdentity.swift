/// Which trial a line of a folder is about: its key, and the cell under which it is listed.
///
/// The key alone would not do: a scenario may list one component under two ids, and then two cells
/// share their keys.
public struct TrialIdentity: Hashable, Sendable {
  public var key: String
  /// `attack/defense` and the axes, as in `TrialRecordV1.cell`.
  public var cell: String

  public init(key: String, cell: String) {
    self.key = key
    self.cell = cell
  }
}

extension TrialRecordV1 {
  public var identity: TrialIdentity { TrialIdentity(key: key, cell: cell) }

  /// Whether a run that goes on leaves the trial as it is: it ran, or it cannot run.
  public var isSettled: Bool { status == .ok || status == .notApplicable }
}
