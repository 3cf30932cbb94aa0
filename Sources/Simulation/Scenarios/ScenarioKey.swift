public import Components

/// One key of a scenario: its values, default and meaning.
public struct ScenarioKey: Sendable {
  /// What may stand at a key.
  public indirect enum Form: Sendable {
    case value(ParameterSpec.Kind)
    /// A mapping of keys.
    case section([ScenarioKey])
    /// One of several forms.
    case either([Form])
    /// The id of a component, or a mapping with the id, its parameters and further keys.
    case component(ComponentForm)
    /// A list of components.
    case entries(ComponentForm)
    /// One of what ``entries(_:)`` lists.
    case entry(ComponentForm)
    /// A list of mappings of keys.
    case mappings([ScenarioKey])
    /// A mapping of any keys.
    case anything
    /// Seeds, each once.
    case seeds
    /// A list of what `include` and `exclude` take.
    case filters
    /// A mapping of dotted keys to lists, besides further keys.
    case axes([ScenarioKey])
  }

  public let name: String
  public let form: Form
  /// What holds where nothing is given; `nil`: it has to be given.
  public let standard: String?
  public let help: String
  /// When the key may be given, such as `server.weighting: samples`; `nil`: always.
  public let condition: String?

  init(
    _ name: String, _ form: Form, default standard: String?, _ help: String,
    only condition: String? = nil
  ) {
    self.name = name
    self.form = form
    self.standard = standard
    self.help = help
    self.condition = condition
  }

  /// The key of a parameter.
  init(_ spec: ParameterSpec, only condition: String? = nil) {
    let standard: String? =
      switch spec.default {
      case .value(let value): "\(value)"
      case .plan(let fact): "the scenario's \(fact.rawValue)"
      case .planned(let fact, let otherwise, _):
        "the scenario's \(fact.rawValue), \(otherwise) where there is none"
      case .required: nil
      }
    self.init(spec.name, .value(spec.kind), default: standard, spec.help, only: condition)
  }

  /// This key with other words for its default.
  func withDefault(_ words: String) -> ScenarioKey {
    ScenarioKey(name, form, default: words, help, only: condition)
  }
}

/// Which components may stand at a key.
public struct ComponentForm: Sendable {
  /// What it is, such as `attack`.
  public let noun: String
  /// The key of the id in a mapping.
  public let idKey: String
  public let manifests: [ComponentManifest]
  /// The id that holds where none is given.
  public let standard: String?
  /// Keys besides the id and the parameters.
  public let more: [ScenarioKey]
  /// Whether `id` names an entry, and stands for `use` where that is missing.
  public let hasEntryID: Bool
  /// Keys, besides its `id`, of an entry that stands for several components; empty: there is none.
  public let compound: [ScenarioKey]

  /// Whether a list of these has to have an entry.
  var isList: Bool { ["attack", "defense"].contains(noun) }

  init(
    _ noun: String, idKey: String, _ manifests: [ComponentManifest], standard: String? = nil,
    more: [ScenarioKey] = [], hasEntryID: Bool = false, compound: [ScenarioKey] = []
  ) {
    self.noun = noun
    self.idKey = idKey
    self.manifests = manifests
    self.standard = standard
    self.more = more
    self.hasEntryID = hasEntryID
    self.compound = compound
  }
}

extension ScenarioKey.Form {
  /// The values in words.
  public var text: String {
    switch self {
    case .value(let kind): "\(kind)"
    case .section(let keys): "a mapping of " + Self.names(keys)
    case .either(let forms): forms.map(\.text).joined(separator: ", or ")
    case .component(let form):
      "one of " + Self.ids(form) + ", alone or as a mapping with '\(form.idKey)' and parameters"
    case .entries(let form):
      "a list of ids or mappings with 'use', each one of " + Self.ids(form)
    case .entry(let form): "an id or a mapping with 'use', one of " + Self.ids(form)
    case .mappings(let keys): "a list of mappings of " + Self.names(keys)
    case .anything: "a mapping"
    case .seeds: "a list of different whole numbers from 0 to \(Int.max)"
    case .filters: "a list of mappings of 'attack', 'defense' and axes to one value each"
    case .axes(let keys):
      "a mapping of dotted keys to lists of values, which multiply, and of " + Self.names(keys)
    }
  }

  private static func names(_ keys: [ScenarioKey]) -> String {
    keys.map(\.name).joined(separator: ", ")
  }

  private static func ids(_ form: ComponentForm) -> String {
    form.manifests.map { "'\($0.id)'" }.joined(separator: ", ")
  }
}
