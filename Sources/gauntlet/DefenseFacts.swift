import Components
import Federation

/// What a rule, a stage or a finisher says of itself besides its definition, for `list` and `explain`.
struct DefenseFacts {
  private let needs: DefenseNeeds
  private let traits: DefenseTraits
  private let bound: RobustnessBound?

  init(_ needs: DefenseNeeds, _ traits: DefenseTraits, _ bound: RobustnessBound?) {
    self.needs = needs
    self.traits = traits
    self.bound = bound
  }

  func entry(_ manifest: ComponentManifest, kind: String) -> GlossaryEntry {
    var entry = Glossary.component(manifest, kind: kind, details)
    entry.columns = [
      ("needs", shortNeeds.isEmpty ? "-" : shortNeeds.joined(separator: ",")),
      ("state", mark(.stateful)), ("accuses", mark(.declaresMalicious)),
      ("sums", mark(.secureAggregation)), ("bound", bound == nil ? "-" : "yes"),
    ]
    return entry
  }

  /// What the columns of a list mean.
  static let legend = [
    [
      "needs",
      "root: clean data of the server; model: the architecture; ids: the same client under the same id"
        + " in every round, and no stage that mixes rows; all: every client in every round; other:"
        + " examples of another distribution",
    ],
    ["state", "whether it remembers earlier rounds"],
    ["accuses", "whether a rejection says that a client is malicious"],
    [
      "sums",
      "whether it can be done, and checked, under secure aggregation: from sums over clients and"
        + " bounds of their norms",
    ],
    ["bound", "whether its distance from the honest mean has a proven bound; 'explain' shows it"],
  ]

  private var shortNeeds: [String] {
    let short: [(DefenseNeeds, String)] = [
      (.rootData, "root"), (.model, "model"), (.stableClients, "ids"), (.fullParticipation, "all"),
      (.outOfDistributionData, "other"),
    ]
    return short.filter { needs.contains($0.0) }.map(\.1)
  }

  private func mark(_ trait: DefenseTraits) -> String { traits.contains(trait) ? "yes" : "-" }

  /// What a user sees of it at a glance, such as `needs root data`.
  var remarks: [String] {
    let names = DefenseNeeds.names.filter { needs.contains($0.need) }.map(\.name)
    return (names.isEmpty ? [] : ["needs " + names.joined(separator: ", ")]) + words
      + (bound == nil ? [] : ["has a proven bound"])
  }

  private var words: [String] {
    let words: [(DefenseTraits, String)] = [
      (.declaresMalicious, "declares clients malicious"),
      (.stateful, "keeps state between rounds"),
      (.secureAggregation, "checkable under secure aggregation"),
    ]
    return words.filter { traits.contains($0.0) }.map(\.1)
  }

  private var details: [(String, String)] {
    var details: [(String, String)] = []
    let names = DefenseNeeds.names.filter { needs.contains($0.need) }.map(\.name)
    if !names.isEmpty { details.append(("needs", names.joined(separator: ", "))) }
    if !words.isEmpty { details.append(("traits", words.joined(separator: "; "))) }
    if let bound {
      details.append(
        (
          "proven bound",
          """
          \(bound.formula), where ‖result − honest mean‖² <= κ · the honest rows' mean squared \
          distance from it; f / (n − 2f) at least, for any rule
          \(bound.source)
          """
        ))
    }
    return details
  }
}
