import Results

/// What came of one thing that `plugin check` tried.
struct PluginFinding {
  enum Status: String {
    case pass
    case fail
    /// The worker promises nothing here, or nothing was asked for.
    case notApplicable = "n.a."
  }

  /// An outcome in words.
  struct Outcome {
    let status: Status
    let detail: String

    static func pass(_ detail: String) -> Outcome { Outcome(status: .pass, detail: detail) }
    static func fail(_ detail: String) -> Outcome { Outcome(status: .fail, detail: detail) }
    static func notApplicable(_ detail: String) -> Outcome {
      Outcome(status: .notApplicable, detail: detail)
    }
  }

  /// What was tried, in one or two words.
  let id: String
  let outcome: Outcome
  /// What to do where it failed.
  let remedy: String

  var hasFailed: Bool { outcome.status == .fail }

  var json: JSONValue {
    [
      "check": .string(id), "status": .string(outcome.status.rawValue),
      "detail": .string(outcome.detail), "remedy": hasFailed ? .string(remedy) : .null,
    ]
  }
}
