import Diagnostics

/// The rounds of one run, in their order.
public struct DumpSequence: Sendable {
  /// Where they lie.
  public let path: String
  let rounds: [DumpFinder.Round]

  /// The number of rounds.
  public var count: Int { rounds.count }

  /// Reads a round.
  ///
  /// - Parameters:
  ///   - index: Its place.
  ///   - limit: The most values that are read.
  /// - Returns: The round.
  /// - Throws: `DatasetError` and `DocumentError`.
  func load(_ index: Int, limit: Int) throws -> DumpRound {
    let round = rounds[index]
    let arrays = try DumpArrays(path: round.path, format: round.format, limit: limit)
    let meta =
      try round.metaPath.map {
        try DumpMeta(path: $0, rowCount: arrays.rowCount, columnCount: arrays.columnCount)
      } ?? DumpMeta()
    let rows = try arrays.rows(meta.layout)
    // One meta.json for several files says the round of the first.
    let number = meta.round.map { $0 + round.place }
    return DumpRound(
      path: round.path, number: number, meta: meta, updates: rows.updates, layout: rows.layout,
      global: arrays.global ?? [], rootUpdate: arrays.rootUpdate)
  }
}
