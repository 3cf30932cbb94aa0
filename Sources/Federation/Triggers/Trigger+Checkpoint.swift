extension Trigger {
  /// Passes over all that it is made of; what is read has to fit inputs of so many features.
  public mutating func checkpoint(_ pass: inout CheckpointPass, featureCount: Int) {
    var (positions, values, raises) = (positions, values, raises)
    var (drawnCount, share, isInserted) = (drawnCount, share, isInserted)
    pass.visit(&positions)
    pass.visit(&values)
    pass.visit(&drawnCount, in: 0...featureCount)
    pass.visit(&raises)
    pass.visit(&share)
    pass.visit(&isInserted)
    guard pass.isReading, pass.problem == nil else { return }
    let isDrawn = drawnCount > 0
    let (first, last) = (positions.first ?? 0, positions.last ?? -1)
    pass.require(
      positions.count == values.count && zip(positions, positions.dropFirst()).allSatisfy(<)
        && first >= 0 && last < featureCount && (0...1).contains(share)
        && (isDrawn ? positions.isEmpty && !raises.isEmpty : raises.isEmpty)
        // What is inserted stands together.
        && (!isInserted || !isDrawn && share == 1 && last - first < positions.count),
      "a trigger does not fit \(featureCount) features")
    guard pass.problem == nil else { return }
    if isInserted {
      self = Trigger(inserting: values, at: positions.first ?? 0)
    } else {
      self =
        (isDrawn
        ? Trigger(drawing: drawnCount, raises: raises)
        : Trigger(positions: positions, values: values))
        .blended(by: share)
    }
  }
}
