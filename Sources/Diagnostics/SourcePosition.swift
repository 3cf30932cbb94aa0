/// Where something stands in a file, counted from 1.
public struct SourcePosition: Sendable, Hashable {
  public let line: Int
  /// `nil` where only the line is known.
  public let column: Int?

  public init(line: Int, column: Int? = nil) {
    self.line = line
    self.column = column
  }
}
