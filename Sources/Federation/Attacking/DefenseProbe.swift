public import Kernels
public import Tensors

/// Rehearses a round on a copy of the defense; the real one never notices.
///
/// The copy draws from a stream of its own: an attacker learns how the defense behaves, not which
/// draws it will make.
public struct DefenseProbe: Sendable {
  private let defense: DefensePipeline
  private var updates: UpdateMatrix
  private let rows: [Int]
  private let context: RoundContext
  private let counter: RehearsalCounter

  /// - Parameters:
  ///   - defense: The pipeline before the round.
  ///   - updates: The rows of the round; some of them are the attackers'.
  ///   - rows: Where crafted rows go, in their order.
  ///   - context: The round, with the attacker's own stream path.
  ///   - counter: Told of every rehearsal, also of those on copies of the probe.
  public init(
    of defense: DefensePipeline, updates: UpdateMatrix, rows: [Int], context: RoundContext,
    counter: RehearsalCounter = RehearsalCounter()
  ) {
    self.defense = defense
    self.updates = updates
    self.rows = rows
    self.context = context
    self.counter = counter
  }

  /// What the defense would make of a round.
  public struct Response: Sendable {
    /// The change of the global model before the server's learning rate, d values.
    public let update: [Float]
    /// The verdict on each crafted row.
    public let verdicts: [Verdict]
  }

  /// Returns what the defense would make of the round with these crafted rows; `nil` where a value of
  /// them is not finite or the defense would fail.
  ///
  /// The first call copies the matrix, further ones reuse the copy where no stage works on it.
  ///
  /// - Precondition: As many rows as the attackers have.
  public mutating func respond(to crafted: Matrix<Float>) -> Response? {
    precondition(crafted.rowCount == rows.count, "\(crafted.rowCount) of \(rows.count) rows")
    guard (0..<crafted.rowCount).allSatisfy({ crafted.isFinite(row: $0) }) else { return nil }
    for (slot, row) in rows.enumerated() { updates.values.setRow(row, toRow: slot, of: crafted) }
    let senders = rows.compactMap { updates.provenance[$0].shares.first?.client }
    var rehearsal = defense
    var copy = updates
    counter.add(rowCount: copy.rowCount)
    guard let outcome = try? rehearsal.aggregate(&copy, in: context) else { return nil }
    return Response(
      update: outcome.update,
      verdicts: senders.map { outcome.verdicts[$0] ?? Verdict(.rejected, weight: 0) })
  }
}
