/// Where something stands in a file, counted from 1, or the option that gave it.
public struct SourcePosition: Sendable, Hashable {
  public let line: Int
  /// `nil` where only the line is known.
  public let column: Int?
  /// The option, such as `--set rounds=5`, of what does not stand in the file.
  public let option: String?

  public init(line: Int, column: Int? = nil) {
    self.line = line
    self.column = column
    option = nil
  }

  /// The place of what an option gives instead of the file; it comes after all lines.
  public init(option: String) {
    line = .max
    column = nil
    self.option = option
  }
}
