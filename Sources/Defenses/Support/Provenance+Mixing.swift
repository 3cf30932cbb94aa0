import Federation

extension Provenance {
  /// Creates the provenance of an average of rows in equal parts, clients in ascending order.
  init(mixing rows: [Provenance]) {
    var fractions: [ClientID: Double] = [:]
    for share in rows.lazy.flatMap(\.shares) {
      fractions[share.client, default: 0] += share.fraction / Double(rows.count)
    }
    self.init(
      fractions.keys.sorted().map { Share(client: $0, fraction: fractions[$0] ?? 0) })
  }
}
