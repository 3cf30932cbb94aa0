/// Points in the plane, colored by group.
public struct ScatterChart: Hashable, Sendable {
  public struct Point: Hashable, Sendable {
    public var x: Double
    public var y: Double
    /// What a reader sees who points at it, such as `backdoor/krum`.
    public var label: String
    /// Names the entry of the legend.
    public var group: String

    public init(_ x: Double, _ y: Double, label: String, group: String) {
      self.x = x
      self.y = y
      self.label = label
      self.group = group
    }
  }

  public var title: String
  public var x: Axis
  public var y: Axis
  /// Points that are not finite are left out.
  public var points: [Point]
  public var size: Size
  /// Whether the title is drawn; screen readers are told in any case.
  public var isTitled = true

  public init(title: String, x: Axis, y: Axis, points: [Point], size: Size = .medium) {
    self.title = title
    self.x = x
    self.y = y
    self.points = points
    self.size = size
  }
}
