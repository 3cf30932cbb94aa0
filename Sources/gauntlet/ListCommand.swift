import ArgumentParser
import Results

struct ListCommand: ParsableCommand {
  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case attacks
    case modifiers
    case defenses
    case stages
    case finishers
    case metrics
    case flags
    case datasets
    case partitions
    case models
    case layers
    case triggers
    case schedules
    case rates
    case series
    case keys
  }

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
  }

  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists attacks, defenses, metrics and what else has an id.",
    usage: "gauntlet list <kind> [--format text|json]")

  @Argument(
    help: ArgumentHelp(
      "One of \(Kind.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "kind"))
  var kind: Kind

  @Option(help: ArgumentHelp("How to print it.", valueName: "format"))
  var format: Format = .text

  func run() throws {
    try reportingErrors {
      switch format {
      case .text:
        try Glossary.print(kind)
      case .json:
        let values = Glossary.entries(kind).map { JSONValue.object($0.json) }
        try Console.print(CanonicalJSON.string(.array(values)))
      }
    }
  }
}
