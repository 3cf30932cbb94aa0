import ArgumentParser
import Results

struct DoctorCommand: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
  }

  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Says what this machine has, and whether the program computes the right bits on it.",
    discussion: """
      Trains a federation of which the final parameters are known, with one thread and with several, \
      and looks at processor, memory, data, the folder that it is started in, and the programs that \
      methods in other processes and clusters use. Nothing is written. What is optional is never a \
      failure. Exit code 1 if something failed.
      """)

  @Option(help: ArgumentHelp("How to print it.", valueName: "format"))
  var format: Format = .text

  func run() throws {
    try reportingErrors {
      let checks = HealthCheck.all()
      switch format {
      case .text: try Console.print(Self.text(checks))
      case .json:
        try Console.print(
          CanonicalJSON.string(
            .object([
              "schema": "gauntlet/doctor/1", "version": .string(Tool.version),
              "checks": .array(checks.map(\.json)),
            ])))
      }
      let failed = checks.filter { $0.state == .failed }
      guard failed.isEmpty else {
        throw Failure("failed: \(failed.map(\.name).joined(separator: ", "))")
      }
    }
  }

  private static func text(_ checks: [HealthCheck]) -> String {
    let width = checks.map(\.name.count).max() ?? 0
    let margin = String(repeating: " ", count: width + 12)
    return checks.map { check in
      let name = check.name + String(repeating: " ", count: width - check.name.count)
      let state = check.state.rawValue
      return "\(name)  \(state)\(String(repeating: " ", count: 10 - state.count))\(check.finding)"
        + (check.remedy.map { "\n\(margin)\($0)" } ?? "")
    }.joined(separator: "\n")
  }
}
