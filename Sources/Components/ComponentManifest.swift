/// What a component says about itself: shown by `list` and `explain`, checked before a run.
public struct ComponentManifest: Sendable {
  public let id: ComponentID
  /// One sentence.
  public let summary: String
  /// The definition in plain text, with the symbols it uses.
  public let formula: String
  /// What has to hold before it can run, in plain text; empty if nothing has to.
  public let preconditions: [String]
  /// Where it comes from; empty for what is folklore or our own, which ``origin`` then says.
  public let citations: [Citation]
  /// A word on where it comes from or how the sources divide, besides ``citations``.
  public let origin: String
  public let parameters: [ParameterSpec]

  public init(
    id: ComponentID, summary: String, formula: String = "", preconditions: [String] = [],
    citations: [Citation] = [], origin: String = "", parameters: [ParameterSpec] = []
  ) {
    self.id = id
    self.summary = summary
    self.formula = formula
    self.preconditions = preconditions
    self.citations = citations
    self.origin = origin
    self.parameters = parameters
  }

  /// Where it comes from, one source per line.
  public var sources: String {
    (citations.map(\.description) + (origin.isEmpty ? [] : [origin])).joined(separator: "\n")
  }
}
