import ArgumentParser

extension ExitCode {
  /// The tool failed: files, a bad scenario, a failed trial.
  static let failed = ExitCode(1)
  /// A regression or a broken claim; or a change that a reviewer rejected.
  static let regressed = ExitCode(2)
  /// Nothing, or not everything, could be compared.
  static let incomparable = ExitCode(5)
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
