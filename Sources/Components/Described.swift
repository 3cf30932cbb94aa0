/// What an entry turns out to be once its parameters are known.
///
/// A component in another process says itself what it needs, and what it computes is decided by
/// files; so it is asked when a trial is planned.
public struct Described<Entry: CatalogEntry>: Sendable {
  public let entry: Entry
  public let identity: ComponentIdentity

  public init(_ entry: Entry, identity: ComponentIdentity) {
    self.entry = entry
    self.identity = identity
  }
}

/// What tells the results of a component from others, besides its parameters.
public struct ComponentIdentity: Sendable, Hashable {
  /// Names and what they stand for, such as digests of files.
  public let values: [String: String]
  /// The parameters that need not be told apart any more.
  public let replacing: Set<String>

  public init(_ values: [String: String], replacing: Set<String> = []) {
    self.values = values
    self.replacing = replacing
  }
}
