public import Charts

/// A figure of a study: the drawing, and the numbers that it is drawn from.
public struct StudyFigure: Sendable {
  /// Names its files, such as `curves-backdoor-krum`.
  public var id: String
  public var drawing: Drawing
  public var table: DataTable

  public init(id: String, drawing: Drawing, table: DataTable) {
    self.id = id
    self.drawing = drawing
    self.table = table
  }
}
