import Components
import Reporting
import Results
import Studies

/// Collects the methods and data sets of results, each once.
struct CitedMethods {
  private struct Name: Hashable {
    var kind: MethodFacts.Kind
    var id: String
  }

  private let facts: MethodFacts
  private var names: Set<Name> = []
  /// Where the settings of entries come from, as scenarios say.
  private(set) var remarks: [String] = []

  init(_ facts: MethodFacts) { self.facts = facts }

  /// Adds everything that the catalog has.
  mutating func addAll() {
    for (kind, methods) in facts.methods {
      names.formUnion(methods.keys.map { Name(kind: kind, id: $0) })
    }
  }

  /// Adds the components of attacks and defenses that have trials, and the data sets.
  mutating func add(_ results: ResultSet) {
    let entries = ScenarioEntries(results.resolved)
    let attacks = Set(results.records.map(\.attack))
    let defenses = Set(results.records.map(\.defense))
    let present =
      entries.attacks.filter { attacks.contains($0.id) }
      + entries.defenses.filter { defenses.contains($0.id) }
    for entry in present {
      for component in entry.components {
        names.insert(Name(kind: component.kind, id: component.id))
      }
      if let source = entry.source {
        let remark = "Settings of '\(entry.id)' in the scenario '\(results.scenario)': \(source)"
        if !remarks.contains(remark) { remarks.append(remark) }
      }
    }
    for case .object(let combination) in Self.combinations(results.resolved) {
      guard case .object(let task)? = combination["task"],
        case .object(let dataset)? = task["dataset"], case .string(let id)? = dataset["id"]
      else { continue }
      names.insert(Name(kind: .dataset, id: id))
    }
  }

  private static func combinations(_ resolved: JSONValue) -> [JSONValue] {
    if case .array(let combinations) = resolved { combinations } else { [] }
  }

  /// The methods; of one that the catalog does not know there is nothing to cite.
  var uses: [Bibliography.Use] {
    names.map { name in
      let shown = "\(name.id) (\(name.kind == .rule ? "defense" : name.kind.rawValue))"
      guard let manifest = facts[name.kind, name.id]?.manifest else {
        return Bibliography.Use(
          shown, citations: [], origin: "not among the methods that this program knows")
      }
      return Bibliography.Use(shown, citations: manifest.citations, origin: manifest.origin)
    }
  }
}
