/// Text for the log of a GitHub job that starts none of the runner's commands.
///
/// The runner takes any line of the output that looks like a command for one, and names of cells,
/// files and messages are whatever a user wrote.
public enum WorkflowLog {
  /// The text between the two commands that make the runner stop and go on listening; empty if the
  /// text is.
  ///
  /// - Parameters:
  ///   - text: Anything; ends with a line feed afterwards.
  ///   - token: What resumes; nobody may know it before, or the text could resume by itself.
  /// - Returns: whole lines.
  public static func inert(_ text: String, token: String = randomToken()) -> String {
    guard !text.isEmpty else { return "" }
    return "::stop-commands::\(token)\n\(text)\(text.hasSuffix("\n") ? "" : "\n")::\(token)::\n"
  }

  /// A token of 128 random bits that is no command of the runner.
  public static func randomToken() -> String {
    let bits = (UInt64.random(in: 0 ... .max), UInt64.random(in: 0 ... .max))
    return "gauntlet-\(String(bits.0, radix: 36))-\(String(bits.1, radix: 36))"
  }
}
