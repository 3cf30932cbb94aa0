/// The receiver operating characteristic of scores: the mean of the curves of several rounds.
///
/// A curve says for each share of negatives that may be accused wrongly (0, 0.05, …, 1) which share
/// of positives is found: the largest that a threshold on the score reaches whose false positive
/// rate is at most that. Equal scores are accused together or not at all: what lies between two
/// thresholds is out of reach, and nothing is interpolated. The mean is taken at each point over the
/// rounds ("vertical averaging").
///
/// Edge cases: a NaN is not above anything, so a positive one is found last and a negative one
/// accused first. The last point is 1.
///
/// - Reference: Fawcett, "An introduction to ROC analysis", Pattern Recognition Letters 27 (2006),
///   section 8.1.
public struct OperatingCurve: Sendable {
  /// The false positive rates of the points: 0, 0.05, …, 1.
  public static let falsePositiveRates = (0...stepCount).map { Double($0) / Double(stepCount) }

  private static let stepCount = 20

  /// The rounds that were added.
  public private(set) var count = 0
  /// For each point the sum over the rounds, where high scores are accused and where low ones are.
  public private(set) var high = [Double](repeating: 0, count: stepCount + 1)
  public private(set) var low = [Double](repeating: 0, count: stepCount + 1)

  public init() {}

  /// Goes on from the sums of another curve; `nil` where they are not one for each point.
  public init?(count: Int, high: [Double], low: [Double]) {
    let pointCount = Self.stepCount + 1
    guard count >= 0, high.count == pointCount, low.count == pointCount else { return nil }
    self.count = count
    self.high = high
    self.low = low
  }

  /// The scores of one kind.
  public struct Side: Sendable {
    /// Ascending.
    fileprivate let scores: [Double]
    /// Weights: of one score, of all that are NaN, of what is above all scores, of the whole.
    fileprivate let each: Int
    fileprivate let unordered: Int
    fileprivate let above: Int
    fileprivate let total: Int

    /// - Parameters:
    ///   - scores: Of all members of the kind that have one, or of a sample of them.
    ///   - scoredCount: How many members these scores stand for; `nil` for as many as there are.
    ///   - aboveCount: How many members have none, and are above all scores.
    public init(_ scores: [Double], standingFor scoredCount: Int? = nil, aboveCount: Int = 0) {
      self.scores = scores.filter { !$0.isNaN }.sorted()
      // With these weights a score and a member without one count alike, in whole numbers.
      each = scoredCount ?? scores.count
      unordered = each * (scores.count - self.scores.count)
      above = aboveCount * max(scores.count, 1)
      total = each * scores.count + above
    }
  }

  /// Adds a round; one without positives or without negatives is left out.
  ///
  /// - Complexity: O(scores), besides sorting them.
  public mutating func add(positives: Side, negatives: Side) {
    guard positives.total > 0, negatives.total > 0 else { return }
    count += 1
    Self.add(positives, negatives, isHighFirst: true, to: &high)
    Self.add(positives, negatives, isHighFirst: false, to: &low)
  }

  /// Returns the shares of positives at ``falsePositiveRates``, mean over the rounds.
  ///
  /// - Parameter accusesLow: Whether low scores are suspicious rather than high ones.
  /// - Returns: `nil` without a round.
  public func truePositiveRates(accusesLow: Bool = false) -> [Double]? {
    count > 0 ? (accusesLow ? low : high).map { $0 / Double(count) } : nil
  }

  private static func add(
    _ positives: Side, _ negatives: Side, isHighFirst: Bool, to sums: inout [Double]
  ) {
    var point = 0
    var (found, accused) = (0, 0)
    func accuse(_ more: Int, _ moreNegatives: Int) {
      accused += moreNegatives
      // The points that allow for no more negatives than before are done.
      while point < stepCount, stepCount * accused > point * negatives.total {
        sums[point] += Double(found) / Double(positives.total)
        point += 1
      }
      found += more
    }
    accuse(0, negatives.unordered)
    if isHighFirst { accuse(positives.above, negatives.above) }
    let p = isHighFirst ? positives.scores.reversed() : positives.scores
    let q = isHighFirst ? negatives.scores.reversed() : negatives.scores
    var (i, j) = (0, 0)
    while j < q.count {
      let value =
        i == p.count ? q[j] : isHighFirst ? max(p[i], q[j]) : min(p[i], q[j])
      let start = (i, j)
      while i < p.count, p[i] == value { i += 1 }
      while j < q.count, q[j] == value { j += 1 }
      accuse((i - start.0) * positives.each, (j - start.1) * negatives.each)
    }
    if !isHighFirst {
      accuse((p.count - i) * positives.each, 0)
      accuse(positives.above, negatives.above)
    }
    sums[stepCount] += 1
  }
}
