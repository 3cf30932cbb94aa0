/// Counts of a yes/no decision about clients; positive means malicious.
///
/// Rates are `nil` where their denominator is 0.
struct Confusion: Equatable {
  var truePositives = 0.0
  var falsePositives = 0.0
  var falseNegatives = 0.0
  var trueNegatives = 0.0

  /// Fills in the negatives.
  mutating func complete(malicious: Double, honest: Double) {
    falseNegatives = malicious - truePositives
    trueNegatives = honest - falsePositives
  }

  /// Malicious rows that were hit, among all malicious rows (recall).
  var truePositiveRate: Double? { ratio(truePositives, truePositives + falseNegatives) }
  /// Honest rows that were hit, among all honest rows.
  var falsePositiveRate: Double? { ratio(falsePositives, falsePositives + trueNegatives) }
  /// Malicious rows among those hit.
  var precision: Double? { ratio(truePositives, truePositives + falsePositives) }
  /// `2 TP / (2 TP + FP + FN)`: 0 where only honest rows were hit.
  var f1: Double? {
    ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives)
  }
  /// Rows that were hit, among all rows.
  var share: Double? {
    let hit = truePositives + falsePositives
    return ratio(hit, hit + falseNegatives + trueNegatives)
  }

  private func ratio(_ part: Double, _ whole: Double) -> Double? {
    whole > 0 ? part / whole : nil
  }
}
