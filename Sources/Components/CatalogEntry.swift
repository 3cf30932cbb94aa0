/// How to build one component by name; catalogs are arrays of these, sorted by id.
///
/// Every kind of entry can be made from values alone, so that a plug-in needs no static type.
public protocol CatalogEntry: Sendable {
  var manifest: ComponentManifest { get }

  /// What it turns out to be with these parameters; `nil` where the entry says all itself.
  ///
  /// Relative paths start in the folder.
  func described(
    by arguments: Arguments, in folder: String
  ) throws(ConfigurationError) -> Described<Self>?
}

extension CatalogEntry {
  public func described(
    by _: Arguments, in _: String
  ) throws(ConfigurationError) -> Described<Self>? { nil }
}

extension Array where Element: CatalogEntry {
  /// Returns the entry of an id.
  ///
  /// - Parameters:
  ///   - id: The id.
  ///   - kind: What it is an id of, for the message.
  /// - Returns: The only entry of that id.
  /// - Throws: ``ConfigurationError`` that names the nearest id, or all.
  public func entry(_ id: ComponentID, kind: String) throws(ConfigurationError) -> Element {
    guard let entry = first(where: { $0.manifest.id == id }) else {
      throw ConfigurationError(.unknownComponent(kind: kind, id: id, known: map(\.manifest.id)))
    }
    return entry
  }

  /// This catalog with further entries, which replace those of the same id; sorted by id.
  public func adding(_ entries: [Element]) -> [Element] {
    let ids = Set(entries.map(\.manifest.id))
    return (filter { !ids.contains($0.manifest.id) } + entries)
      .sorted { $0.manifest.id < $1.manifest.id }
  }
}
