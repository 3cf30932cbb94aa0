public import Determinism
public import Tensors

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
  /// How much of the pattern an example takes over, in 0...1; 1 sets features to their values.
  public private(set) var share = 1.0
  /// Whether the features before ``positions`` make room for it: they move to the front by as many
  /// places as it has, and the first ones drop out.
  public private(set) var isInserted = false

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

  /// Inserts values into a sequence whose length stays: what stands before them moves to the front.
  ///
  /// - Parameters:
  ///   - values: What is inserted.
  ///   - position: Where the first of them stands afterwards.
  public init(inserting values: [Float], at position: Int) {
    self.init(positions: Array(position..<position + values.count), values: values)
    isInserted = true
  }

  /// Whether it sets features to values that are the same for all examples, and leaves the others.
  public var setsFixedFeatures: Bool { drawnCount == 0 && !isInserted }

  /// The trigger at some of the positions: a part of it.
  ///
  /// A part of an inserted trigger is inserted where it stands in the whole.
  ///
  /// - Precondition: Of an inserted trigger there is at least one.
  public func part(_ places: Range<Int>) -> Trigger {
    guard !isInserted else {
      return Trigger(inserting: Array(values[places]), at: positions[places.lowerBound])
    }
    return Trigger(positions: Array(positions[places]), values: Array(values[places]))
      .blended(by: share)
  }

  /// The trigger that mixes its values into an example: a feature x becomes
  /// (1 − share) · x + share · value, and a drawn one is raised by that share.
  ///
  /// - Precondition: `0 <= share <= 1`, and it is not inserted.
  public func blended(by share: Double) -> Trigger {
    precondition((0...1).contains(share) && !isInserted, "a share of \(share)")
    var trigger = self
    trigger.share = share
    return trigger
  }

  /// The number of pixels that it changes; of a vector the number of features.
  public func pixelCount(on shape: InputShape) -> Int {
    guard drawnCount == 0 else { return drawnCount }
    return Set(positions.map { $0 / shape.channelCount }).count
  }

  /// Marks one example; what is blended is computed in double precision and rounded once.
  ///
  /// - Parameters:
  ///   - example: Its features.
  ///   - random: Drawn from where features are drawn per example.
  public func apply(to example: inout MutableSpan<Float>, random: inout RandomStream) {
    if drawnCount > 0 {
      for position in random.sample(drawnCount, of: example.count) {
        let raise = raises[position % raises.count]
        example[position] += share == 1 ? raise : Float(share * Double(raise))
      }
    } else if share != 1 {
      for (position, value) in zip(positions, values) {
        example[position] = Float(
          (1 - share) * Double(example[position]) + share * Double(value))
      }
    } else {
      if isInserted, let first = positions.first {
        for position in 0..<first { example[position] = example[position + positions.count] }
      }
      for (position, value) in zip(positions, values) { example[position] = value }
    }
  }
}
