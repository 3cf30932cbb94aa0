/// Why files were not fetched: one problem a line, the last one of the file itself.
public struct DownloadError: Error, Hashable, Sendable, CustomStringConvertible {
  public let problems: [String]

  public init(_ problems: [String]) { self.problems = problems }

  public init(_ problem: String) { self.init([problem]) }

  public var description: String { problems.joined(separator: "\n") }
}
