import Federation
import Hashing

/// The checkpoints of one trial, or of the rounds that several share: where they are, and when the next
/// one is due.
struct TrialCheckpoint {
  let folder: CheckpointFolder
  /// The name of its file.
  private let name: String
  /// What it has to be of.
  private let marks: [String]
  private let clock = ContinuousClock()
  private var last: ContinuousClock.Instant
  private let start: ContinuousClock.Instant

  /// - Parameters:
  ///   - folder: Where it is kept.
  ///   - key: The trial, or what is shared with it.
  ///   - variety: What decides the state besides the key; trials of one key have files of their own.
  init(_ folder: CheckpointFolder, of key: String, variety: String = "") {
    self.folder = folder
    let digest = Hexadecimal.string(SHA256.hash(Array(variety.utf8)).prefix(8))
    name = "\(key).\(digest)"
    marks = ["gauntlet checkpoint 1", "engine \(Engine.number)", key, variety]
    start = clock.now
    last = start
  }

  /// Writes one where it is due.
  ///
  /// - Parameters:
  ///   - isEnd: Whether the rounds are over: what took long is kept for others, or to be finished.
  ///   - body: Passes over the state.
  mutating func save(isEnd: Bool, _ body: (inout CheckpointPass) -> Void) {
    let isDue = clock.now - (isEnd ? start : last) >= folder.interval
    guard isDue || isEnd && folder.isThere(name) else { return }
    folder.write(name) { pass in
      for mark in marks { pass.mark(mark) }
      body(&pass)
    }
    last = clock.now
  }

  /// Reads the last one into a fresh state; `nil` where there is none that will do.
  func restore<State, Problem>(
    _ body: (inout CheckpointPass) throws(Problem) -> State?
  ) throws(Problem) -> State? {
    try folder.read(name) { pass throws(Problem) in
      for mark in marks { pass.mark(mark) }
      guard pass.problem == nil else { return nil }
      return try body(&pass)
    }
  }
}
