public import Components
public import Diagnostics
import Results

/// An entry of a catalog with complete parameters.
public struct Chosen<Entry: CatalogEntry>: Sendable {
  public let entry: Entry
  public let arguments: Arguments
  /// Where the scenario names it; `nil` for what it leaves to a default.
  public let position: SourcePosition?
  /// SHA-256 of what lies at its paths, by parameter, where that is known by nothing else.
  private(set) var digests: [String: String] = [:]
  /// What it is told from others by, where the parameters do not say that.
  private let identity: ComponentIdentity?

  public init(
    _ entry: Entry, _ arguments: Arguments, position: SourcePosition? = nil,
    identity: ComponentIdentity? = nil
  ) {
    self.entry = entry
    self.arguments = arguments
    self.position = position
    self.identity = identity
  }

  public var id: ComponentID { entry.manifest.id }

  /// The same with the digests of its files.
  func read(_ digests: [String: String]) -> Chosen {
    var chosen = self
    chosen.digests = digests
    return chosen
  }

  /// Id and parameters, as they identify a trial; paths are left out, because what lies there counts,
  /// and so is what has its neutral value.
  var json: JSONValue {
    let silent = entry.manifest.parameters.filter {
      $0.kind == .path || $0.neutral != nil && $0.neutral == arguments.values[$0.name]
    }
    let others = Set(silent.map(\.name)).union(identity?.replacing ?? [])
    var object: [String: JSONValue] = [
      "id": .string(id.rawValue),
      "parameters": .object(
        arguments.values.filter { !others.contains($0.key) }.mapValues(\.json)),
    ]
    if !digests.isEmpty { object["sha256"] = .object(digests.mapValues { .string($0) }) }
    if let identity { object["identity"] = JSONValue(identity.values) }
    return .object(object)
  }
}

extension ArgumentValue {
  var json: JSONValue {
    switch self {
    case .real(let value): .number(value)
    case .integer(let value): .integer(value)
    case .text(let value): .string(value)
    case .list(let values): .array(values.map(\.json))
    }
  }
}
