public import Diagnostics
public import Yams

/// Collects problems while a file is read, so that all are reported at once.
public final class ProblemSink {
  /// Those that were reported first, each once.
  public private(set) var problems: [DocumentError.Problem] = []
  /// How often something was reported, repetitions and what is left out included: whoever compares
  /// it before and after knows whether a part was in order.
  public private(set) var reportCount = 0
  private var seen: Set<DocumentError.Problem> = []
  private static let limit = 100

  public init() {}

  /// Counts something that is wrong and told elsewhere.
  func noteToldElsewhere() { reportCount += 1 }

  public func report(_ message: @autoclosure () -> String, at node: Node?) {
    report(message(), at: node?.position)
  }

  public func report(_ message: @autoclosure () -> String, at position: SourcePosition?) {
    reportCount += 1
    // A message may take a search among many words, and a file may have a mistake in every line.
    guard problems.count <= Self.limit else { return }
    let problem = DocumentError.Problem(message(), at: position)
    // Variants of a matrix read the same lines again.
    guard seen.insert(problem).inserted else { return }
    problems.append(problems.count < Self.limit ? problem : DocumentError.Problem("and more"))
  }
}
