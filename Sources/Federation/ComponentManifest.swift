/// What a component says about itself: shown by `list` and `explain`, checked before a run.
public struct ComponentManifest: Sendable {
  public let id: ComponentID
  /// One sentence.
  public let summary: String
  /// The definition in plain text, with the symbols it uses.
  public let formula: String
  /// What has to hold before it can run, in plain text; empty if nothing has to.
  public let preconditions: [String]
  /// Authors, title, venue and year.
  public let citation: String
  public let parameters: [ParameterSpec]

  public init(
    id: ComponentID, summary: String, formula: String, preconditions: [String] = [],
    citation: String, parameters: [ParameterSpec] = []
  ) {
    self.id = id
    self.summary = summary
    self.formula = formula
    self.preconditions = preconditions
    self.citation = citation
    self.parameters = parameters
  }
}
