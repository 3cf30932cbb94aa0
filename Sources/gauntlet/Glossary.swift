import Components
import Datasets
import Federation
import Gating
import Metrics
import Reporting
import Results
import Simulation
import Suite
import Training

/// One thing that `list` and `explain` can tell about.
struct GlossaryEntry {
  let id: String
  /// Such as `attack`, `defense`, `metric` or `data set`.
  let kind: String
  let summary: String
  /// Further lines: a heading and its text.
  let details: [(heading: String, text: String)]
  let parameters: [ParameterSpec]
  /// What `list` shows between the id and what it is.
  var columns: [(heading: String, text: String)] = []

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
  static var all: [GlossaryEntry] { ListCommand.Kind.allCases.flatMap { entries($0) } }

  static func entries(_ kind: ListCommand.Kind) -> [GlossaryEntry] {
    let catalog = Catalog.withWorkers
    switch kind {
    case .attacks:
      return catalog.attacks.map {
        var entry = component($0.manifest, kind: "attack", [("threat tier", $0.tier.rawValue)])
        entry.columns = [("tier", $0.tier.rawValue)]
        return entry
      }
    case .modifiers: return catalog.modifiers.map { component($0.manifest, kind: "modifier") }
    case .defenses:
      return catalog.aggregators.map {
        DefenseFacts($0.needs, $0.traits, $0.bound).entry($0.manifest, kind: "defense")
      }
    case .stages:
      return catalog.stages.map {
        DefenseFacts($0.needs, $0.traits, $0.bound).entry($0.manifest, kind: "stage")
      }
    case .finishers:
      return catalog.finishers.map {
        DefenseFacts($0.needs, $0.traits, nil).entry($0.manifest, kind: "finisher")
      }
    case .metrics: return MetricCatalog.builtIn.metrics.flatMap { $0.manifests }.map(metric)
    case .flags:
      return flags
    case .datasets: return catalog.datasets.map { component($0.manifest, kind: "data set") }
    case .partitions: return catalog.partitions.map { component($0.manifest, kind: "partition") }
    case .models: return catalog.models.map { component($0.manifest, kind: "model") }
    case .layers: return builtInLayers.map { component($0.manifest, kind: "layer") }
    case .triggers: return catalog.triggers.map { component($0.manifest, kind: "trigger") }
    case .schedules:
      return catalog.attackSchedules.map { component($0.manifest, kind: "attack schedule") }
    case .rates:
      return catalog.learningRates.map {
        component($0.manifest, kind: "learning rate schedule")
      }
    case .series: return SeriesText.entries
    case .keys: return ScenarioKeys.list(catalog).map(key)
    }
  }

  /// Those that a trial raises by itself, and those of a cell, sorted by id.
  static func flagDefinitions(_ metrics: MetricCatalog) -> [(id: String, text: String, of: String)]
  {
    let stored = metrics.flags.map {
      (
        id: $0.id, text: $0.definition,
        of: "each trial by itself, and kept in its line; a cell has it where most of its seeds do"
      )
    }
    let derived = CellFlag.definitions.map {
      (
        id: $0.id, text: $0.text,
        of: "a cell from all its seeds, whenever it is shown; in trials.csv, not in trials.jsonl"
      )
    }
    return (stored + derived).sorted { $0.id < $1.id }
  }

  private static var flags: [GlossaryEntry] {
    flagDefinitions(.builtIn).map {
      GlossaryEntry(
        id: $0.id, kind: "flag", summary: $0.text, details: [("decided for", $0.of)],
        parameters: [])
    }
  }

  private static func key(_ key: ScenarioKeys.Listed) -> GlossaryEntry {
    var details = [
      (heading: "values", text: key.values),
      (heading: "default", text: key.standard ?? "none: it has to be given"),
    ]
    if !key.conditions.isEmpty {
      details.append(("only with", key.conditions.joined(separator: ", or ")))
    }
    return GlossaryEntry(
      id: key.path, kind: "scenario key", summary: key.help, details: details, parameters: [])
  }

  /// What the attacker of each tier has to be.
  static let tiers = ThreatTier.allCases.map { tier in
    let text =
      switch tier {
      case .fakeClient: "clients without data that send what they like"
      case .dataOnly: "clients that train as told, on data that the attacker chose"
      case .ownKnowledge: "clients that know their own data and updates and the global model"
      case .omniscient: "sees every honest update of the round; some know the defense"
      }
    return (id: tier.rawValue, text: text)
  }

  /// Prints ids, what else there is to see at a glance, and summaries; the kind too where an id does
  /// not tell it.
  static func print(_ kind: ListCommand.Kind) throws {
    let entries = entries(kind)
    let hasKinds = Set(entries.map(\.kind)).count > 1
    let headings = entries.first?.columns.map(\.heading) ?? []
    let table = ListTable(
      header: ["id"] + (hasKinds ? ["kind"] : []) + headings + ["what it is"],
      rows: entries.map {
        [$0.id] + (hasKinds ? [$0.kind] : []) + $0.columns.map(\.text) + [$0.summary]
      })
    let width = Terminal.outputWidth
    try Console.print(table.text(width: width))
    if !headings.isEmpty {
      let legend = kind == .attacks ? tiers.map { [$0.id, $0.text] } : DefenseFacts.legend
      try Console.print(
        ListTable(header: [kind == .attacks ? "tier" : "column", "what it says"], rows: legend)
          .text(width: width))
    }
  }

  static func component(
    _ manifest: ComponentManifest, kind: String, _ facts: [(String, String)] = []
  ) -> GlossaryEntry {
    var details: [(heading: String, text: String)] = []
    if !manifest.formula.isEmpty { details.append(("formula", manifest.formula)) }
    if !manifest.preconditions.isEmpty {
      details.append(("preconditions", manifest.preconditions.joined(separator: "\n")))
    }
    details += facts.map { (heading: $0.0, text: $0.1) }
    if !manifest.sources.isEmpty { details.append(("paper", manifest.sources)) }
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
