extension Study {
  /// What was attacked, in a sentence such as `Data: digits, split by dirichlet. 20 clients, 4 of them
  /// malicious.`; empty where the scenario does not say.
  ///
  /// - Complexity: O(combinations of axes x cells without an attack).
  public var settingText: String {
    let settings = AuditedSetting.all(of: self)
    var sentences: [String] = []
    let data = settings.compactMap(\.dataset)
    if !data.isEmpty {
      let partitions = settings.compactMap(\.partition)
      sentences.append(
        "Data: \(AuditWords.list(data))"
          + (partitions.isEmpty ? "" : ", split by \(AuditWords.list(partitions))"))
    }
    if let clients = AuditWords.range(settings.compactMap(\.clientCount), "client") {
      let malicious = settings.compactMap(\.maliciousCount)
      let most = malicious.max() ?? 0
      let least = malicious.min() ?? 0
      sentences.append(
        clients
          + (malicious.isEmpty
            ? "" : ", \(least == most ? "\(most)" : "\(least) to \(most)") of them malicious"))
    }
    return sentences.map { $0 + "." }.joined(separator: " ")
  }
}
