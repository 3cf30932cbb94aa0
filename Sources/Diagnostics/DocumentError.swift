/// Everything wrong with a file that a user wrote, found before anything is done with it.
public struct DocumentError: Error, Sendable, CustomStringConvertible {
  public struct Problem: Error, Sendable, Hashable {
    public let position: SourcePosition?
    public let message: String

    public init(_ message: String, at position: SourcePosition? = nil) {
      self.message = message
      self.position = position
    }
  }

  public let file: String
  public let problems: [Problem]

  public init(file: String, problems: [Problem]) {
    self.file = file
    self.problems = problems
  }

  /// One line per problem, `file:line:column: message`, in file order.
  public var description: String {
    problems.enumerated().sorted { a, b in
      let (one, other) = (a.element.position, b.element.position)
      return (one?.line ?? .max, one?.column ?? 0, a.offset)
        < (other?.line ?? .max, other?.column ?? 0, b.offset)
    }.map { _, problem in
      guard let position = problem.position else { return "\(file): \(problem.message)" }
      if let option = position.option { return "\(file): \(option): \(problem.message)" }
      let column = position.column.map { ":\($0)" } ?? ""
      return "\(file):\(position.line)\(column): \(problem.message)"
    }.joined(separator: "\n")
  }
}
