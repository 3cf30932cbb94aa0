import ArgumentParser
import Results

struct ListCommand: ParsableCommand {
  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case attacks
    case defenses
    case metrics
    case datasets
  }

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
  }

  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists attacks, defenses, metrics or data sets.",
    usage: "gauntlet list attacks|defenses|metrics|datasets [--format text|json]")

  @Argument(help: "What to list.")
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
