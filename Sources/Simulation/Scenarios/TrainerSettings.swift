public import Diagnostics
public import Federation
public import Results

/// A trainer in another process, as a scenario names it.
public struct TrainerSettings: Sendable {
  public var command: TrainerCommand
  /// What the scenario tells it; the same as in the command.
  public var parameters: JSONValue
  /// The most processes at once; `nil`: as many as there are trials at once.
  public var workerLimit: Int?
  /// Where the scenario names it.
  public var position: SourcePosition?
}
