/// A trial that was recorded did not come out the same when it ran again.
///
/// Equal keys promise equal numbers, so the engine or the machine is not deterministic, or the
/// program was changed without raising the engine number.
public struct RepetitionError: Error, Hashable, Sendable, CustomStringConvertible {
  public let cell: String
  public let seed: UInt64
  /// Why it failed this time; `nil` if it ended with other numbers.
  public let failure: String?

  public var description: String {
    "\(cell), seed \(seed): "
      + (failure.map { "it was recorded before, and failed now: \($0)" }
        ?? "same key, other numbers: this engine or machine is not deterministic")
  }
}
