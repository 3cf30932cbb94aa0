import ArgumentParser

extension ExitCode {
  /// The tool failed: files, a bad scenario, a failed trial.
  static let failed = ExitCode(1)
  /// Stopped by a signal or a deadline with work left.
  static let stopped = ExitCode(75)
}

/// Ends the program after one message on standard error.
struct Failure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Runs the body of a command; whatever it throws is printed as it is, with exit code 1.
func reportingErrors(_ body: () throws -> Void) throws {
  do {
    try body()
  } catch let code as ExitCode {
    throw code
  } catch let error as ValidationError {
    throw error
  } catch {
    Console.error("\(error)")
    throw ExitCode.failed
  }
}

/// A number with its noun, such as `1 seed` and `5 seeds`.
func counted(_ count: Int, _ noun: String) -> String {
  "\(count) \(noun)" + (count == 1 ? "" : "s")
}
