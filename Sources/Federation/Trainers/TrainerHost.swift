/// Starts trainers: programs that own the model and the data of a federation, and train and evaluate
/// on request, while schedule, attacks on updates, defenses and scores stay here.
///
/// A catalog has one where scenarios may name such programs.
public protocol TrainerHost: Sendable {
  /// Asks a program what it would train, and ends it.
  ///
  /// - Parameters:
  ///   - command: The program.
  ///   - setup: What its trials are like; the seed is that of some trial.
  /// - Returns: What it says of itself, and what identifies it.
  /// - Throws: ``TrainerError`` where it cannot be started or says nothing of use.
  func describe(
    _ command: TrainerCommand, _ setup: TrainerSetup
  ) throws(TrainerError) -> TrainerFacts

  /// Starts a program, which waits for ``TrainerProcess/begin(_:)``.
  ///
  /// - Parameters:
  ///   - command: The program.
  ///   - dimension: The number of its parameters.
  ///   - rowCount: The most clients of a round.
  /// - Returns: The process.
  /// - Throws: ``TrainerError`` where it cannot be started.
  func start(
    _ command: TrainerCommand, dimension: Int, rowCount: Int
  ) throws(TrainerError) -> any TrainerProcess
}

/// A program to start, as a scenario names it.
public struct TrainerCommand: Sendable, Hashable {
  /// The program and its arguments.
  public var words: [String]
  /// Further files that it is made of; their contents identify it.
  public var files: [String]
  /// What the scenario tells it: a JSON object.
  public var parameters: String
  /// Seconds for one answer; `nil`: as long as is usual.
  public var timeout: Double?
  /// The bytes that it may take; `nil`: any number.
  public var memory: Double?
  /// What it runs in, such as `bwrap`; `nil`: nothing.
  public var sandbox: String?
  /// How matrices go to it; `nil`: the best way that works.
  public var transport: String?
  /// The threads that numeric libraries are told to use.
  public var threadCount: Int
  /// The folder that relative paths start from; `nil`: where this program was started.
  public var folder: String?

  public init(
    words: [String], files: [String] = [], parameters: String = "{}", timeout: Double? = nil,
    memory: Double? = nil, sandbox: String? = nil, transport: String? = nil, threadCount: Int = 1,
    folder: String? = nil
  ) {
    self.words = words
    self.files = files
    self.parameters = parameters
    self.timeout = timeout
    self.memory = memory
    self.sandbox = sandbox
    self.transport = transport
    self.threadCount = threadCount
    self.folder = folder
  }
}

/// What a trainer is told of a trial.
public struct TrainerSetup: Sendable, Hashable {
  public var clientCount: Int
  /// The most clients of a round.
  public var participantCount: Int
  public var roundCount: Int
  /// How data are dealt and drawn: the same for all trials of one seed, and not that seed.
  public var seed: UInt64

  public init(clientCount: Int, participantCount: Int, roundCount: Int, seed: UInt64) {
    self.clientCount = clientCount
    self.participantCount = participantCount
    self.roundCount = roundCount
    self.seed = seed
  }
}

/// Why a trainer did not do what it was asked for.
public enum TrainerError: Error, Sendable, Hashable, CustomStringConvertible {
  /// It said so itself; asking another process would not help.
  case refused(String)
  /// It ended, was too late, or said what nobody understands.
  case fault(String)
  /// The run is to stop.
  case stopped

  public var description: String {
    switch self {
    case .refused(let reason), .fault(let reason): reason
    case .stopped: "stopped"
    }
  }
}
