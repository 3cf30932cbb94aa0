/// Everything wrong with a scenario, found before any training.
public struct ScenarioError: Error, Sendable, CustomStringConvertible {
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
      let left = (a.element.position?.line ?? .max, a.element.position?.column ?? 0, a.offset)
      let right = (b.element.position?.line ?? .max, b.element.position?.column ?? 0, b.offset)
      return left < right
    }.map { _, problem in
      problem.position.map { "\(file):\($0.line):\($0.column): \(problem.message)" }
        ?? "\(file): \(problem.message)"
    }.joined(separator: "\n")
  }
}
