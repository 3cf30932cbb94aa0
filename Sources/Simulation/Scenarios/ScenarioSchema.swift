import Components
public import Federation
public import Results

/// The JSON Schema (draft 2020-12) of scenario files, made from ``ScenarioKeys/table(_:)``.
///
/// It knows keys, their values and what has to be given. What depends on several keys at once, such
/// as a window beyond the rounds, is only known to the planner.
public enum ScenarioSchema {
  /// The schema for the components of a catalog.
  public static func json(_ catalog: Catalog) -> JSONValue {
    guard case .object(var object) = mapping(ScenarioKeys.table(catalog)) else { return .null }
    object["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    object["title"] = "Gauntlet scenario"
    if case .object(var properties)? = object["properties"] {
      properties["schema"] = ["const": .string(ScenarioDecoder.schema)]
      object["properties"] = .object(properties)
    }
    return .object(object)
  }

  private static func mapping(
    _ keys: [ScenarioKey], required: [String] = [], properties others: [String: JSONValue] = [:]
  ) -> JSONValue {
    var properties = others
    for key in keys { properties[key.name] = described(schema(key.form), key) }
    let needed = required + keys.filter { $0.standard == nil }.map(\.name)
    var object: [String: JSONValue] = [
      "type": "object", "properties": .object(properties), "additionalProperties": .bool(false),
    ]
    if !needed.isEmpty { object["required"] = .array(needed.map(JSONValue.string)) }
    return .object(object)
  }

  private static func described(_ schema: JSONValue, _ key: ScenarioKey) -> JSONValue {
    guard case .object(var object) = schema else { return schema }
    let standard = key.standard.map { "; default: \($0)" } ?? ""
    object["description"] = .string(
      key.help + standard + (key.condition.map { "; only with \($0)" } ?? ""))
    return .object(object)
  }

  private static func anyOf(_ schemas: [JSONValue]) -> JSONValue {
    schemas.count == 1 ? schemas[0] : ["anyOf": .array(schemas)]
  }

  private static func schema(_ form: ScenarioKey.Form) -> JSONValue {
    switch form {
    case .value(let kind): schema(kind)
    case .section(let keys): mapping(keys)
    case .either(let forms): anyOf(forms.map { schema($0) })
    case .component(let form): component(form)
    case .entries(let form):
      ["type": "array", "minItems": form.isList ? 1 : 0, "items": component(form)]
    case .entry(let form): component(form)
    case .mappings(let keys): ["type": "array", "minItems": 1, "items": mapping(keys)]
    case .anything: ["type": "object"]
    case .seeds:
      [
        "type": "array", "minItems": 1, "uniqueItems": .bool(true),
        "items": schema(.integer(0...Int.max)),
      ]
    case .filters:
      ["type": "array", "items": ["type": "object"]]
    case .axes(let keys): axes(keys)
    }
  }

  /// Dotted keys of what may be an axis, besides other keys.
  private static func axes(_ keys: [ScenarioKey]) -> JSONValue {
    guard case .object(var object) = mapping(keys) else { return .null }
    let list: JSONValue = ["type": "array", "minItems": 1, "uniqueItems": .bool(true)]
    let heads = ScenarioDecoder.topKeys.filter { MatrixAxis.refusal(of: $0 + ".a.b") == nil }
    object["patternProperties"] = .object([
      "^(\(heads.joined(separator: "|")))(\\.[^.]+)+$": list
    ])
    return .object(object)
  }

  // MARK: - Components

  private static func component(_ form: ComponentForm) -> JSONValue {
    let words = form.manifests.filter { manifest in
      manifest.parameters.allSatisfy { $0.default != .required }
    }.map { JSONValue.string($0.id.rawValue) }
    var schemas: [JSONValue] = words.isEmpty ? [] : [["enum": .array(words)]]
    for manifest in form.manifests {
      let id = manifest.id.rawValue
      let keys = manifest.parameters.map { ScenarioKey($0) } + form.more
      let name: JSONValue = ["const": .string(id)]
      var properties = [form.idKey: name]
      if form.hasEntryID {
        properties["id"] = entryID
        schemas.append(mapping(keys, required: ["id"], properties: ["id": name]))
      }
      let required = form.standard == id ? [] : [form.idKey]
      schemas.append(mapping(keys, required: required, properties: properties))
    }
    if !form.compound.isEmpty {
      schemas.append(mapping(form.compound, required: ["id"], properties: ["id": entryID]))
    }
    return anyOf(schemas)
  }

  private static let entryID: JSONValue = [
    "type": "string", "pattern": "^[A-Za-z0-9._-]{1,100}$",
  ]

  // MARK: - Values

  private static func schema(_ kind: ParameterSpec.Kind) -> JSONValue {
    switch kind {
    case .real(let range, let words): or(words, number(range))
    case .integer(let range, let words): or(words, integer(range))
    case .choice(let words): ["enum": .array(words.flatMap(spellings))]
    case .text: anyOf([["type": "string", "minLength": 1], ["type": ["number", "boolean"]]])
    case .path: ["type": "string", "minLength": 1]
    case .mapping: ["type": "object"]
    case .list(let kind, let count):
      anyOf(
        [
          [
            "type": "array", "items": schema(kind), "minItems": .integer(count.lowerBound),
            "maxItems": .integer(count.upperBound),
          ]
        ] + (count.contains(1) ? [schema(kind)] : []))
    }
  }

  private static func or(_ words: [String], _ schema: JSONValue) -> JSONValue {
    words.isEmpty ? schema : anyOf([schema, ["enum": .array(words.map(JSONValue.string))]])
  }

  /// A word, and the number that it may be written as.
  private static func spellings(_ word: String) -> [JSONValue] {
    [.string(word)] + (Int(word).map { [.integer($0)] } ?? [])
  }

  private static func number(_ range: ClosedRange<Double>) -> JSONValue {
    var object: [String: JSONValue] = ["type": "number"]
    if range.lowerBound == .leastNonzeroMagnitude {
      object["exclusiveMinimum"] = 0
    } else if range.lowerBound > -.greatestFiniteMagnitude {
      object["minimum"] = .number(range.lowerBound)
    }
    if range.upperBound == 1.0.nextDown {
      object["exclusiveMaximum"] = 1
    } else if range.upperBound < .greatestFiniteMagnitude {
      object["maximum"] = .number(range.upperBound)
    }
    return .object(object)
  }

  private static func integer(_ range: ClosedRange<Int>) -> JSONValue {
    var object: [String: JSONValue] = ["type": "integer", "minimum": .integer(range.lowerBound)]
    if range.upperBound < .max { object["maximum"] = .integer(range.upperBound) }
    return .object(object)
  }
}
