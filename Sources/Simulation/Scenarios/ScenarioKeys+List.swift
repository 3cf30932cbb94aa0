import Components
public import Federation

extension ScenarioKeys {
  /// One key by its dotted path.
  public struct Listed: Sendable {
    public let path: String
    public let values: String
    /// `nil`: it has to be given.
    public let standard: String?
    public let help: String
    /// When it may be given; empty: always.
    public internal(set) var conditions: [String]
  }

  /// Every key of a scenario, those below right after the one that holds them.
  ///
  /// Parameters that several components share are listed once. Those of attacks, defenses and what
  /// goes with them are not listed: they are explained with the component.
  public static func list(_ catalog: Catalog) -> [Listed] {
    var listed: [Listed] = []
    for key in table(catalog) { add(key, below: "", to: &listed) }
    return listed
  }

  private static func add(_ key: ScenarioKey, below path: String, to listed: inout [Listed]) {
    let own = path.isEmpty ? key.name : "\(path).\(key.name)"
    let conditions = key.condition.map { [$0] } ?? []
    let same = listed.firstIndex {
      $0.path == own && $0.values == key.form.text && $0.standard == key.standard
        && $0.help == key.help
    }
    if let same {
      listed[same].conditions += conditions.filter { !listed[same].conditions.contains($0) }
      return
    }
    listed.append(
      Listed(
        path: own, values: key.form.text, standard: key.standard, help: key.help,
        conditions: conditions))
    add(key.form, below: own, to: &listed)
  }

  private static func add(
    _ form: ScenarioKey.Form, below path: String, to listed: inout [Listed]
  ) {
    switch form {
    case .value, .seeds, .filters, .anything: break
    case .section(let keys), .axes(let keys), .mappings(let keys):
      for key in keys { add(key, below: path, to: &listed) }
    case .either(let forms): for form in forms { add(form, below: path, to: &listed) }
    case .component(let form):
      for key in form.more { add(key, below: path, to: &listed) }
      for manifest in form.manifests {
        for spec in manifest.parameters {
          add(
            ScenarioKey(spec, only: "\(path).\(form.idKey): \(manifest.id)"), below: path,
            to: &listed)
        }
      }
    case .entries(let form), .entry(let form):
      for key in form.more + form.compound { add(key, below: path, to: &listed) }
    }
  }
}
