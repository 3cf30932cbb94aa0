public import Diagnostics
public import Yams

/// Collects problems while a file is read, so that all are reported at once.
public final class ProblemSink {
  /// Those that were reported first, each once.
  public private(set) var problems: [DocumentError.Problem] = []
  private var seen: Set<DocumentError.Problem> = []
  private static let limit = 100

  public init() {}

  public func report(_ message: String, at node: Node?) {
    report(message, at: node?.position)
  }

  public func report(_ message: String, at position: SourcePosition?) {
    let problem = DocumentError.Problem(message, at: position)
    // Variants of a matrix read the same lines again.
    guard problems.count <= Self.limit, seen.insert(problem).inserted else { return }
    problems.append(problems.count < Self.limit ? problem : DocumentError.Problem("and more"))
  }
}
