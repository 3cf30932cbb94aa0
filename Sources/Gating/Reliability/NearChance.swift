import Results

/// Whether the model of a cell is dead: no better than one that always says the same class.
struct NearChance: Hashable, Sendable {
  /// How far above the largest class share an accuracy is still near chance.
  static let margin = 0.1

  /// The accuracy over the seeds.
  let accuracy: SeedMean
  /// The accuracy that would have been above chance, in the mean over the seeds.
  let limit: Double
  /// How many seeds are near chance by themselves, and how many there are.
  let deadCount: Int
  let count: Int

  /// Whether the cell as a whole is: in the mean over its seeds, or in most of them.
  let isDead: Bool

  /// Judges accuracies of trials; `nil` where none of them has one, or says what chance is.
  init?(_ trials: [TrialRecordV1], _ accuracy: (TrialRecordV1) -> Double?) {
    let pairs = trials.compactMap { trial -> (accuracy: Double, limit: Double)? in
      guard let value = accuracy(trial), let chance = trial.chance else { return nil }
      return (value, chance + Self.margin)
    }
    guard let mean = SeedMean(pairs.map(\.accuracy)), let limit = SeedMean(pairs.map(\.limit))
    else { return nil }
    self.accuracy = mean
    self.limit = limit.mean
    count = pairs.count
    deadCount = pairs.count { $0.accuracy <= $0.limit + Self.slack }
    isDead = mean.mean <= limit.mean + Self.slack || 2 * deadCount > count
  }

  /// Such as `accuracy 0.103 [0.099, 0.107], near chance up to 0.202`.
  var text: String { "accuracy \(accuracy.text), near chance up to \(Figure.text(limit))" }

  /// Rates are quotients of counts: one that equals its limit on paper misses it by rounding.
  private static let slack = 1e-9
}

extension TrialRecordV1 {
  /// What a model reaches that always says the same class; `nil` where nothing tells.
  ///
  /// Lines of versions before 0.3 know the number of classes alone.
  var chance: Double? {
    if let share = metrics["accuracy.chance"] ?? nil { return share }
    let classes = metrics.keys.count { $0.hasPrefix("accuracy.class.") }
    return classes > 0 ? 1 / Double(classes) : nil
  }

  /// Accuracy at the end of the window, or of the run where the window is empty.
  var accuracyAtStop: Double? {
    (metrics["accuracy.stop"] ?? nil) ?? (metrics["accuracy.final"] ?? nil)
  }

  /// Accuracy of the clean twin at the end of the window.
  var cleanAccuracyAtStop: Double? {
    guard let own = metrics["accuracy.stop"] ?? nil else {
      // Without a window nobody attacked.
      return metrics["accuracy.final"] ?? nil
    }
    return (metrics["accuracy.drop"] ?? nil).map { own + $0 }
  }
}
