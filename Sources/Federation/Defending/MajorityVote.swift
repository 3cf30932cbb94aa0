/// The votes of several models on the classes of examples.
///
/// Votes are added model by model, so that no table of all of them is ever held.
public struct MajorityVote: Sendable, Hashable {
  public let classCount: Int
  /// The votes for each class, examples × classes.
  public private(set) var counts: [Int]
  /// The number of models that voted, those without a valid class included.
  public private(set) var modelCount = 0

  /// - Precondition: `exampleCount >= 0` and `classCount >= 1`
  public init(exampleCount: Int, classCount: Int) {
    precondition(
      exampleCount >= 0 && classCount >= 1, "\(exampleCount) examples, \(classCount) classes")
    self.classCount = classCount
    counts = [Int](repeating: 0, count: exampleCount * classCount)
  }

  /// Passes over the votes.
  public mutating func checkpoint(_ pass: inout CheckpointPass) {
    var read = counts
    pass.visit(&read)
    pass.visit(&modelCount)
    guard pass.isReading, pass.problem == nil else { return }
    guard read.count == counts.count, modelCount >= 0, read.allSatisfy({ $0 >= 0 }) else {
      return pass.fail("the votes are of other examples")
    }
    counts = read
  }

  /// Adds the vote of one model; −1 stands for no valid class, such as scores that are not finite.
  ///
  /// - Precondition: One class in `-1 ..< classCount` per example.
  public mutating func add(_ predictions: [Int]) {
    precondition(
      predictions.count * classCount == counts.count,
      "\(predictions.count) votes for \(counts.count / classCount) examples")
    for (example, prediction) in predictions.enumerated() where prediction != -1 {
      precondition(
        prediction >= 0 && prediction < classCount, "a vote for \(prediction) of \(classCount)")
      counts[example * classCount + prediction] += 1
    }
    modelCount += 1
  }

  /// The class with most votes for each example, ties to the lowest; −1 without any valid vote.
  public var winners: [Int] {
    leaders.map { $0.votes > 0 ? $0.class : -1 }
  }

  /// The number of votes for the winner of each example.
  public var winnerCounts: [Int] { leaders.map(\.votes) }

  private var leaders: [(class: Int, votes: Int)] {
    stride(from: 0, to: counts.count, by: classCount).map { start in
      var best = (class: 0, votes: counts[start])
      for offset in 1..<classCount where counts[start + offset] > best.votes {
        best = (offset, counts[start + offset])
      }
      return best
    }
  }
}
