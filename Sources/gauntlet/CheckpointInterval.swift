import ArgumentParser

/// How often trials write checkpoints, on the command line: a time such as `10m`, or `never`.
enum CheckpointInterval: ExpressibleByArgument {
  case never
  /// `0s` stands for after each round.
  case every(Duration)

  init?(argument: String) {
    switch argument {
    case "never": self = .never
    case "0", "0s": self = .every(.zero)
    default:
      guard let time = TimeSpan(argument: argument) else { return nil }
      self = .every(time.duration)
    }
  }

  static let standard = CheckpointInterval.every(.seconds(600))
}
