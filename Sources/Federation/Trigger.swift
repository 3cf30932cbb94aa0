public import Datasets
public import Determinism

/// A pattern that marks an example.
public struct Trigger: Sendable, Hashable {
  public enum Pattern: String, Sendable, Hashable, CaseIterable {
    /// The first features of a vector, or a square patch at a corner of an image, are set.
    case square
    /// Features at random positions, the same for the whole run, are set.
    case random
    /// Features at random positions, drawn anew for each example, are raised by the value.
    case randomPerSample = "random-per-sample"
  }

  public enum Corner: String, Sendable, Hashable, CaseIterable {
    case topLeft = "top-left"
    case topRight = "top-right"
    case bottomLeft = "bottom-left"
    case bottomRight = "bottom-right"
  }

  public let pattern: Pattern
  /// The number of features, or the side of the patch in pixels for a square on an image.
  public let size: Int
  public let value: Float
  /// The features that are set, ascending; empty where they are drawn per example.
  public let positions: [Int]

  /// Places a trigger on inputs of the given shape; `nil` if it is empty or larger than they are.
  ///
  /// On images the random patterns take `size` features out of all channels; a square covers every
  /// channel of its pixels.
  ///
  /// - Parameters:
  ///   - pattern: Which features.
  ///   - size: How many features, or the side of the patch.
  ///   - value: What they are set to or, for ``Pattern/randomPerSample``, raised by; in the unit
  ///     of the data (images are scaled to 0...1).
  ///   - corner: Where a square goes on an image; vectors ignore it.
  ///   - shape: The inputs.
  ///   - seed: The path of the run's trigger, used by ``Pattern/random``.
  public init?(
    _ pattern: Pattern, size: Int, value: Float, corner: Corner = .bottomRight,
    on shape: InputShape, seed: SeedPath
  ) {
    self.pattern = pattern
    self.size = size
    self.value = value
    guard size > 0 else { return nil }
    switch (pattern, shape) {
    case (.square, .vector(let count)):
      guard size <= count else { return nil }
      positions = Array(0..<size)
    case (.square, .image(let height, let width, let channels)):
      guard size <= height && size <= width else { return nil }
      let top = corner == .topLeft || corner == .topRight ? 0 : height - size
      let left = corner == .topLeft || corner == .bottomLeft ? 0 : width - size
      positions = (top..<top + size).flatMap { y in
        (left..<left + size).flatMap { x in (0..<channels).map { (y * width + x) * channels + $0 } }
      }
    case (.random, _):
      guard size <= shape.count else { return nil }
      var random = seed.stream()
      positions = random.sample(size, of: shape.count).sorted()
    case (.randomPerSample, _):
      guard size <= shape.count else { return nil }
      positions = []
    }
  }

  /// Marks one example.
  ///
  /// - Parameters:
  ///   - example: Its features.
  ///   - random: Drawn from by ``Pattern/randomPerSample`` alone.
  public func apply(to example: inout MutableSpan<Float>, random: inout RandomStream) {
    if pattern == .randomPerSample {
      for position in random.sample(size, of: example.count) { example[position] += value }
    } else {
      for position in positions { example[position] = value }
    }
  }
}
