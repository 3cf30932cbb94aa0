import Synchronization

/// Counts the rows of rehearsals of a defense; a class, so that all copies of a probe count together.
///
/// A rehearsal that fails in the defense counts; one of rows that are not finite, which never get
/// there, does not.
public final class RehearsalCounter: Sendable {
  private let rows = Atomic(0)

  public init() {}

  /// The rows of all rehearsals so far.
  public var rowCount: Int { rows.load(ordering: .relaxed) }

  func add(rowCount: Int) { rows.add(rowCount, ordering: .relaxed) }
}
