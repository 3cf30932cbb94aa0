/// Plain training.
public struct NoHook: LocalTrainingHook {
  /// Gives each value a place of its own: to the thread sanitizer, values without a size that threads
  /// pass `inout` are all in one place.
  private let room: UInt8 = 0

  public init() {}
}
