/// How a trial ended.
public enum TrialStatus: String, Codable, Hashable, Sendable, CaseIterable {
  /// It ran to its end; a training that diverged under attack is such a trial, with a flag.
  case ok
  /// It could not be finished; the record's message says why.
  case error
  /// It was stopped because it took too long.
  case timeout
  /// The pair cannot be run, such as Krum with too few clients; the message is the reason.
  case notApplicable = "not-applicable"
}
