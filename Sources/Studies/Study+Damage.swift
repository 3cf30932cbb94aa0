public import Results

extension Study {
  /// Returns how much an attack harms a defense, for holding stealth against damage: the larger of the
  /// mean loss of accuracy (`accuracy.drop`) and the mean excess of attack success (`asr.excess`).
  ///
  /// Both are rates against the clean twin, so that an attack that does nothing is close to 0; a model
  /// that gained is below. Edge cases: a void excess is left out, since what a dead model answers is
  /// no success; without either it is `nil`.
  ///
  /// - Parameter cell: An attack on a defense.
  /// - Returns: At most 1.
  public func damage(of cell: CellID) -> Double? {
    ["accuracy.drop", "asr.excess"].compactMap { summary(cell, $0).mean }.max()
  }
}
