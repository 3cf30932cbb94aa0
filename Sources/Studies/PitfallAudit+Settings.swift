/// The pitfalls that a scenario shows before it is run.
extension PitfallAudit.Item {
  /// Small or drawn data that any average learns.
  private static let easyData: Set<String> = ["digits", "gaussian-classes"]
  /// What the plain mean reaches on MNIST without an attack, and not on the data that replace it.
  private static let easyAccuracy = 0.97

  /// Data so easy that hardly any attack harms them.
  static func data(_ settings: [AuditedSetting]) -> Self {
    let ids = settings.compactMap(\.dataset)
    let easy = Set(
      settings.filter { setting in
        setting.dataset.map(easyData.contains) ?? false
          || (setting.cleanAccuracy ?? 0) >= easyAccuracy
      }.compactMap(\.dataset))
    let hard = Set(ids).subtracting(easy)
    var found = ids.isEmpty ? "the results do not say" : AuditWords.list(ids)
    if !easy.isEmpty {
      found +=
        hard.isEmpty
        ? "; easy data, which the average of honest clients learns fast, are hard to poison"
        : "; easy among them: \(AuditWords.list(easy.sorted()))"
    }
    return Self(
      id: "data", title: "Data sets that resist attacks by themselves",
      verdict: hard.isEmpty ? .lacks : hard.count > 1 ? .covered : .partly, found: found,
      remedy: hard.count > 1
        ? ""
        : "run the scenario on "
          + (hard.isEmpty ? "harder data" : "one more data set that is not easy")
          + " (task.dataset), such as fashion-mnist or files of your own",
      source: PitfallAudit.survey)
  }

  /// Clients that all have the same mix of labels.
  static func heterogeneity(_ settings: [AuditedSetting]) -> Self {
    let known = settings.filter { $0.partition != nil }
    let skewed = known.filter(\.isSkewed)
    let degrees = Set(skewed.map(\.degree))
    let texts = known.map { setting in
      let name = setting.partition ?? ""
      return setting.alpha.map { "\(name) with alpha \(shown($0))" } ?? name
    }
    var found = texts.isEmpty ? "the results do not say" : AuditWords.list(texts)
    if !known.isEmpty, skewed.isEmpty {
      found += "; all clients have nearly the same mix of labels"
    }
    return Self(
      id: "heterogeneity", title: "Clients whose data are alike",
      verdict: skewed.isEmpty ? .lacks : degrees.count > 1 ? .covered : .partly, found: found,
      remedy: degrees.count > 1
        ? ""
        : "vary how unlike the clients are, such as clients.partition.alpha: [0.1, 1, 10] in the"
          + " matrix, with clients.partition of kind dirichlet",
      source: PitfallAudit.survey)
  }

  /// One gradient step a round, which learns slowly and looks robust for it.
  static func algorithm(_ settings: [AuditedSetting]) -> Self {
    let known = settings.filter { $0.algorithm != nil }
    let isLocal = known.map { $0.algorithm != "fedsgd" && $0.steps != 1 }
    let isSlow = known.contains { $0.algorithm == "fedsgd" || $0.steps == 1 }
    var found =
      known.isEmpty
      ? "the results do not say" : AuditWords.list(known.compactMap(\.algorithm))
    if isSlow { found += "; a step a round learns slowly, for attackers too" }
    let verdict: PitfallAudit.Verdict = isLocal.contains(true) ? .covered : .lacks
    return Self(
      id: "algorithm", title: "Only algorithms that learn slowly", verdict: verdict, found: found,
      remedy: verdict == .covered
        ? ""
        : "train for some steps on the clients (server.algorithm: fedavg, task.local.epochs)",
      source: PitfallAudit.survey)
  }

  /// Few clients, all of them in every round, many of them attackers.
  static func scale(_ settings: [AuditedSetting]) -> Self {
    let isLarge = settings.contains { ($0.clientCount ?? 0) >= 1000 }
    let isSampled = settings.contains { ($0.participation ?? 1) < 1 }
    let isRare = settings.contains(where: \.hasFewAttackers)
    let isWhole = settings.contains { setting in
      (setting.clientCount ?? 0) >= 1000 && (setting.participation ?? 1) < 1
        && setting.hasFewAttackers
    }
    var parts: [String] = []
    if let clients = AuditWords.range(settings.compactMap(\.clientCount), "client") {
      parts.append(clients)
    }
    let shares = settings.compactMap(\.participation)
    if !shares.isEmpty {
      let texts = shares.sorted().map { $0 == 1 ? "all" : shown($0) }
      parts.append(
        Set(texts) == ["all"]
          ? "all take part in every round" : "share per round: \(AuditWords.list(texts))")
    }
    let attackers = settings.compactMap { setting -> String? in
      guard let count = setting.maliciousCount, let clients = setting.clientCount else {
        return nil
      }
      return "\(count) of \(clients)"
    }
    if !attackers.isEmpty { parts.append("attackers: \(AuditWords.list(attackers))") }
    if !settings.isEmpty, !isWhole {
      parts.append(
        "this is the scale of organizations that train together, not of thousands of phones")
    }
    var missing: [String] = []
    if !isLarge { missing.append("1000 clients or more (clients.count)") }
    if !isSampled { missing.append("a sample of them per round (clients.participation)") }
    if !isRare { missing.append("one attacker in a hundred or fewer (threat.malicious)") }
    if missing.isEmpty { missing = ["clients, sample and few attackers in one setting"] }
    return Self(
      id: "scale", title: "Few clients, many of them attackers",
      verdict: isWhole ? .covered : isLarge || isSampled || isRare ? .partly : .lacks,
      found: parts.isEmpty ? "the results do not say" : parts.joined(separator: "; "),
      remedy: isWhole ? "" : "add " + missing.joined(separator: ", "),
      source: PitfallAudit.survey + "; " + PitfallAudit.practice)
  }

  /// `0.5` and `1`, not `1.0`.
  private static func shown(_ value: Double) -> String {
    Int(exactly: value).map { "\($0)" } ?? "\(value)"
  }
}

extension AuditedSetting {
  /// At most one attacker in a hundred clients, but some.
  fileprivate var hasFewAttackers: Bool {
    guard let maliciousCount, let clientCount, maliciousCount > 0 else { return false }
    return maliciousCount <= clientCount / 100
  }

  /// Whether clients differ in their mix of labels.
  fileprivate var isSkewed: Bool {
    switch partition {
    case nil, "iid", "quantity-skew", "uniform-sizes": false
    case "dirichlet": alpha.map { $0 < 10 } ?? true
    default: true
    }
  }

  /// What tells two degrees of heterogeneity apart.
  fileprivate var degree: String { "\(partition ?? "") \(alpha.map { "\($0)" } ?? "")" }
}
