public import Determinism

/// A pattern that marks an example; values are those of the inputs as a model sees them.
public struct Trigger: Sendable, Hashable {
  /// The features that are set, ascending; empty where they are drawn per example.
  public let positions: [Int]
  /// What each of ``positions`` is set to.
  public let values: [Float]
  /// How many features, drawn anew for each example, are raised; 0 for a fixed pattern.
  public let drawnCount: Int
  /// What drawn features are raised by: one value, or one per channel.
  public let raises: [Float]

  /// Sets features to values.
  ///
  /// - Precondition: As many values as positions, which ascend.
  public init(positions: [Int], values: [Float]) {
    precondition(
      positions.count == values.count && zip(positions, positions.dropFirst()).allSatisfy(<),
      "\(positions.count) positions with \(values.count) values, ascending")
    self.positions = positions
    self.values = values
    drawnCount = 0
    raises = []
  }

  /// Raises `count` features, drawn anew for each example; `raises` has one value per channel or one
  /// for all.
  public init(drawing count: Int, raises: [Float]) {
    positions = []
    values = []
    drawnCount = count
    self.raises = raises
  }

  /// The trigger at some of the positions: a part of it.
  public func part(_ places: Range<Int>) -> Trigger {
    Trigger(positions: Array(positions[places]), values: Array(values[places]))
  }

  /// Marks one example.
  ///
  /// - Parameters:
  ///   - example: Its features.
  ///   - random: Drawn from where features are drawn per example.
  public func apply(to example: inout MutableSpan<Float>, random: inout RandomStream) {
    if drawnCount > 0 {
      for position in random.sample(drawnCount, of: example.count) {
        example[position] += raises[position % raises.count]
      }
    } else {
      for (position, value) in zip(positions, values) { example[position] = value }
    }
  }
}
