import Datasets
import Federation
import Metrics
import Reporting
import Results
import Simulation
import Suite

/// One thing that `list` and `explain` can tell about.
struct GlossaryEntry {
  let id: String
  /// `attack`, `defense`, `stage`, `metric`, `flag` or `data set`.
  let kind: String
  let summary: String
  /// Further lines: a heading and its text.
  let details: [(heading: String, text: String)]
  let parameters: [ParameterSpec]

  var json: [String: JSONValue] {
    var object: [String: JSONValue] = [
      "id": .string(id), "kind": .string(kind), "summary": .string(summary),
    ]
    for detail in details { object[detail.heading] = .string(detail.text) }
    if !parameters.isEmpty {
      object["parameters"] = .array(
        parameters.map {
          .object([
            "name": .string($0.name), "values": .string("\($0.kind)"),
            "default": .string($0.defaultText), "help": .string($0.help),
          ])
        })
    }
    return object
  }
}

/// Everything that has an id.
enum Glossary {
  static var all: [GlossaryEntry] {
    ListCommand.Kind.allCases.flatMap { entries($0) }
      + MetricCatalog.builtIn.flags.map {
        GlossaryEntry(
          id: $0.id, kind: "flag", summary: $0.definition, details: [], parameters: [])
      }
  }

  static func entries(_ kind: ListCommand.Kind) -> [GlossaryEntry] {
    switch kind {
    case .attacks:
      Catalog.builtIn.attacks.map { component($0.manifest, kind: "attack") }
    case .defenses:
      Catalog.builtIn.aggregators.map { component($0.manifest, kind: "defense") }
        + Catalog.builtIn.stages.map { component($0.manifest, kind: "stage") }
    case .metrics:
      MetricCatalog.builtIn.metrics.flatMap { $0.manifests }.map(metric)
    case .datasets:
      dataSets
    }
  }

  /// Prints ids and summaries; the kind too where an id does not tell it.
  static func print(_ kind: ListCommand.Kind) throws {
    let entries = entries(kind)
    let table =
      Set(entries.map(\.kind)).count > 1
      ? ListTable(
        header: ["id", "kind", "what it is"], rows: entries.map { [$0.id, $0.kind, $0.summary] })
      : ListTable(header: ["id", "what it is"], rows: entries.map { [$0.id, $0.summary] })
    try Console.print(table.text(width: Terminal.outputWidth))
  }

  private static func component(_ manifest: ComponentManifest, kind: String) -> GlossaryEntry {
    var details = [(heading: "formula", text: manifest.formula)]
    if !manifest.preconditions.isEmpty {
      details.append(("preconditions", manifest.preconditions.joined(separator: "\n")))
    }
    details.append(("paper", manifest.citation))
    return GlossaryEntry(
      id: manifest.id.rawValue, kind: kind, summary: manifest.summary, details: details,
      parameters: manifest.parameters)
  }

  private static func metric(_ manifest: MetricManifest) -> GlossaryEntry {
    var details = [
      (heading: "unit", text: manifest.unit), (heading: "range", text: manifest.range),
      (
        heading: "better for the defender",
        text: manifest.better == .none ? "neither: it describes" : manifest.better.rawValue
      ),
    ]
    if let tolerance = manifest.gateTolerance {
      details.append(("gated by default, tolerance", CanonicalJSON.string(.number(tolerance))))
    }
    if !manifest.citation.isEmpty { details.append(("paper", manifest.citation)) }
    return GlossaryEntry(
      id: manifest.id, kind: "metric", summary: manifest.definition, details: details,
      parameters: [])
  }

  private static let dataSets = [
    GlossaryEntry(
      id: "digits", kind: "data set",
      summary: "1,797 handwritten digits of 8 x 8 pixels, 10 classes; bundled.",
      details: [
        ("split", "stratified 80/20 into training and test, drawn per seed; pixels in 0...1"),
        ("source", DigitsSource.attribution),
      ], parameters: []),
    GlossaryEntry(
      id: "gaussian-classes", kind: "data set",
      summary: "Standard normal features, raised by 2.0 at the index of the label; drawn per seed.",
      details: [
        ("keys", "features 32, classes 10, shift 2.0, test 2000, train (unless sizes are drawn)"),
        ("source", "tutorial 028 of Unbitrium"),
      ], parameters: []),
    GlossaryEntry(
      id: "idx", kind: "data set",
      summary: "IDX files of a folder (MNIST, Fashion-MNIST), gzip or raw, torchvision layout too.",
      details: [
        ("keys", "folder, classes 10, train-limit, test-limit"),
        (
          "folder",
          "a relative one is looked for where the program starts, beside the scenario, and in "
            + "$GAUNTLET_DATA"
        ),
      ], parameters: []),
  ]
}

extension ParameterSpec {
  /// What holds where nothing is given, for people.
  var defaultText: String {
    switch `default` {
    case .value(let value): "\(value)"
    case .plan(let fact): "the scenario's \(fact.rawValue)"
    case .planned(let fact, let otherwise, _):
      "the scenario's \(fact.rawValue), \(otherwise) where there is none"
    case .required: "none: it has to be given"
    }
  }
}
