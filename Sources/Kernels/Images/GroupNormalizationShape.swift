/// The sizes of a group normalization; one example is places × channels, row-major, channels innermost.
public struct GroupNormalizationShape: Sendable, Hashable {
  /// Height × width.
  public let places: Int
  public let channels: Int
  /// Groups of neighbouring channels, all of one size.
  public let groups: Int

  /// Creates a shape.
  ///
  /// - Precondition: All sizes are positive, and the groups divide the channels.
  public init(places: Int, channels: Int, groups: Int) {
    precondition(
      places > 0 && channels > 0 && groups > 0 && channels % groups == 0,
      "GroupNormalizationShape: \(channels) channels in \(groups) groups at \(places) places")
    self.places = places
    self.channels = channels
    self.groups = groups
  }

  /// The values of one example.
  public var valueCount: Int { places * channels }
  /// The values that `GroupNormalization` remembers of one example.
  public var stateCount: Int { 2 * groups + 2 * channels }

  /// Returns the largest divisor of `channels` that is at most 32 and leaves at least eight channels a
  /// group; 1 below sixteen channels.
  public static func usualGroups(channels: Int) -> Int {
    let limit = min(32, channels / 8)
    return (1...max(limit, 1)).last { channels.isMultiple(of: $0) } ?? 1
  }
}
