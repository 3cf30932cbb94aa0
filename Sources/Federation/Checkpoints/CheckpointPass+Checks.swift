/// Visits that check what they read, for values that others rely on.
extension CheckpointPass {
  /// Ends a pass that reads with a problem unless something is true of what it read.
  public mutating func require(
    _ condition: @autoclosure () -> Bool, _ reason: @autoclosure () -> String
  ) {
    if isReading, problem == nil, !condition() { fail(reason()) }
  }
}
