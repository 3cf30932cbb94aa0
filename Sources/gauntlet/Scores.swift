import Reporting

/// The scores that `run` ends with.
enum Scores {
  /// Flags that say that a number does not mean what it seems to.
  static let markedFlags = StudyTables.markedFlags
}
