/// One axis of a chart.
public struct Axis: Hashable, Sendable {
  public enum Scale: Hashable, Sendable {
    case linear
    /// Of base 10; values that are not positive are left out.
    case logarithmic
    /// Equally spaced places for texts; the value `k` is the place of the k-th.
    case categories([String])
  }

  public var label: String
  public var scale: Scale
  /// What the axis has to span at least; it is widened to hold all values, and to round ticks,
  /// except that rounds and other whole numbers along the page end where the values do.
  public var least: ClosedRange<Double>?
  /// Whether the axis ends exactly at ``least``, and values beyond are clipped.
  public var isFixed: Bool

  public init(
    _ label: String, scale: Scale = .linear, least: ClosedRange<Double>? = nil,
    isFixed: Bool = false
  ) {
    self.label = label
    self.scale = scale
    self.least = least
    self.isFixed = isFixed
  }

  /// A rate from 0 to 1.
  public static func rate(_ label: String) -> Axis {
    Axis(label, least: 0...1, isFixed: true)
  }
}
