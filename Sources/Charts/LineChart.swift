/// Curves over a common axis, with bands and shaded parts.
public struct LineChart: Hashable, Sendable {
  public enum Stroke: Hashable, Sendable {
    case solid
    case dashed
    case dotted
  }

  public struct Point: Hashable, Sendable {
    public var x: Double
    public var y: Double

    public init(_ x: Double, _ y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// What lies between a lower and an upper edge.
  public struct Band: Hashable, Sendable {
    public var low: [Point]
    public var high: [Point]

    public init(low: [Point], high: [Point]) {
      self.low = low
      self.high = high
    }
  }

  public struct Series: Hashable, Sendable {
    public var name: String
    /// In ascending order of x; not finite ones break the line.
    public var points: [Point]
    public var band: Band?
    public var stroke: Stroke
    /// Place in the palette of eight colors that color-blind readers can tell apart.
    public var color: Int
    /// Whether each point has a mark: for curves over few values.
    public var hasMarks: Bool

    public init(
      _ name: String, _ points: [Point], band: Band? = nil, stroke: Stroke = .solid,
      color: Int = 0, hasMarks: Bool = false
    ) {
      self.name = name
      self.points = points
      self.band = band
      self.stroke = stroke
      self.color = color
      self.hasMarks = hasMarks
    }
  }

  /// A part of the x axis that is shaded, such as the attack window.
  public struct Shade: Hashable, Sendable {
    public var range: ClosedRange<Double>
    public var label: String

    public init(_ range: ClosedRange<Double>, _ label: String) {
      self.range = range
      self.label = label
    }
  }

  public var title: String
  public var x: Axis
  public var y: Axis
  public var series: [Series]
  public var shades: [Shade]
  /// A line from corner to corner, for a ROC.
  public var hasDiagonal: Bool
  public var size: Size
  /// Whether the title is drawn; screen readers are told in any case.
  public var isTitled = true
  /// Whether a legend and marks tell the lines apart; `false` where many charts share one legend.
  public var hasLegend = true

  public init(
    title: String, x: Axis, y: Axis, series: [Series], shades: [Shade] = [],
    hasDiagonal: Bool = false, size: Size = .medium
  ) {
    self.title = title
    self.x = x
    self.y = y
    self.series = series
    self.shades = shades
    self.hasDiagonal = hasDiagonal
    self.size = size
  }
}

/// How large a chart is drawn, in CSS pixels.
public struct Size: Hashable, Sendable {
  public var width: Double
  public var height: Double

  public init(_ width: Double, _ height: Double) {
    self.width = width
    self.height = height
  }

  public static let small = Size(300, 190)
  public static let medium = Size(460, 280)
  public static let large = Size(720, 360)
}
