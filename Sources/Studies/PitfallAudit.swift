/// Whether a study steps into the pitfalls that evaluations of defenses are known for.
///
/// Six kinds, after a survey of 50 papers: Khan, Shejwalkar, Chandio, Houmansadr and Anwar, "Decoding
/// FL Defenses: Systemization, Pitfalls, and Remedies", arXiv 2502.05211, 2025. The scale goes by
/// Shejwalkar, Houmansadr, Kairouz and Ramage, "Back to the Drawing Board", IEEE S&P 2022, too. The
/// thresholds are this project's own. An audit looks at one folder of results: a study may do in two
/// what neither does alone.
public struct PitfallAudit: Hashable, Sendable {
  public enum Verdict: String, Hashable, Sendable, CaseIterable {
    /// The study is in the pitfall.
    case lacks
    case partly
    case covered
  }

  /// One pitfall.
  public struct Item: Hashable, Sendable {
    /// Such as `heterogeneity`.
    public var id: String
    /// What is looked at, such as `How unlike the clients' data are`.
    public var title: String
    public var verdict: Verdict
    /// What the study has, with numbers.
    public var found: String
    /// What would mend it, with keys of the scenario; empty where nothing has to.
    public var remedy: String
    public var source: String

    public init(
      id: String, title: String, verdict: Verdict, found: String, remedy: String, source: String
    ) {
      self.id = id
      self.title = title
      self.verdict = verdict
      self.found = found
      self.remedy = remedy
      self.source = source
    }
  }

  /// Always the six, in one order.
  public var items: [Item]

  /// - Complexity: O(trials).
  public init(_ study: Study) {
    let settings = AuditedSetting.all(of: study)
    items = [
      .data(settings), .heterogeneity(settings), .algorithm(settings), .scale(settings),
      .attacks(study), .view(study),
    ]
  }

  static let survey = "Khan et al., arXiv 2502.05211, 2025"
  static let practice = "Shejwalkar et al., IEEE S&P 2022"
}

/// Words for the texts of an audit.
enum AuditWords {
  /// Such as `1 client` or `20 clients`.
  static func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  /// Such as `20 clients` or `20 to 1000 clients`.
  static func range(_ values: [Int], _ noun: String) -> String? {
    guard let low = values.min(), let high = values.max() else { return nil }
    return low == high ? counted(low, noun) : "\(low) to \(high) \(noun)s"
  }

  /// Each once, in order, at most six.
  static func list(_ texts: [String]) -> String {
    var seen: Set<String> = []
    let distinct = texts.filter { seen.insert($0).inserted }
    let shown = distinct.prefix(6).joined(separator: ", ")
    return distinct.count > 6 ? "\(shown) and \(distinct.count - 6) more" : shown
  }
}
