import Hashing
public import Results

/// A part of trials, chosen by a seed and by nothing else: neither by their order nor by the machine.
public enum TrialSample {
  /// Draws trials.
  ///
  /// Each trial has a lot, SHA-256 of the seed and its key, and the smallest lots are drawn; so a
  /// larger share only adds trials.
  ///
  /// - Parameters:
  ///   - records: Trials; only those that finished can be drawn.
  ///   - share: From 0 to 1; rounded up to whole trials.
  ///   - seed: Other seeds draw other trials.
  /// - Returns: the trials that were drawn, in their order; at least one if any finished.
  /// - Complexity: O(n · log n).
  public static func drawn(
    from records: [TrialRecordV1], share: Double, seed: Int
  ) -> [TrialRecordV1] {
    let finished = records.filter { $0.status == .ok }
    let count = min(finished.count, max(1, Int((share * Double(finished.count)).rounded(.up))))
    let lots = finished.map { record in
      let text = "\(seed)\n\(record.key)\n\(record.cell)\n\(record.seed)"
      return Hexadecimal.string(SHA256.hash(Array(text.utf8)))
    }
    let chosen = Set(
      finished.indices.sorted { (lots[$0], $0) < (lots[$1], $1) }.prefix(count))
    return finished.indices.filter(chosen.contains).map { finished[$0] }
  }
}
