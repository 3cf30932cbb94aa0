import Datasets
import Diagnostics
import Federation
import Foundation
import Hashing
import Results
import Synchronization

/// Where trials that run write how far they are, so that a run that was killed goes on from there.
///
/// A file per trial, and one for the rounds that several trials share, named by their keys. Each ends
/// with the SHA-256 of what is before; it appears under its name when it is whole, in place of the one
/// before. Files stay until all trials of their seed and combination are recorded, as those that are
/// done are what others are compared to.
public final class CheckpointFolder: Sendable {
  /// The folder of files in a folder of results.
  public static let name = "checkpoints"
  private static let ending = ".checkpoint"

  let path: String
  /// How long a trial computes before it writes the next one.
  let interval: Duration
  let report: @Sendable (String) -> Void
  /// A disk that is full is told of once.
  private let hasFailed = Atomic(false)

  /// - Parameters:
  ///   - path: The folder; made when the first file is written.
  ///   - interval: How long a trial computes before it writes the next one; zero: after each round.
  ///   - report: Takes which trials go on from a file, what is wrong with one, or why none could be
  ///     written; from any thread.
  public init(
    path: String, interval: Duration, report: @escaping @Sendable (String) -> Void
  ) {
    self.path = path
    self.interval = interval
    self.report = report
  }

  /// Removes the checkpoints in a folder of results, and their folder, unless it holds something else.
  ///
  /// - Parameters:
  ///   - folder: The folder of results.
  ///   - keepsTrials: Whether checkpoints stay, and only what a kill left half-written goes: they are of
  ///     trials that another selection of the scenario was in the middle of.
  public static func remove(from folder: String, keepsTrials: Bool = false) {
    let path = UserPath.joined(folder, name)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    let isOurs = { (name: String) in
      name.hasSuffix(".partial") || !keepsTrials && name.hasSuffix(ending)
    }
    for name in names where isOurs(name) {
      try? FileManager.default.removeItem(atPath: UserPath.joined(path, name))
    }
    let kind = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
    if kind == .typeDirectory, names.allSatisfy(isOurs) {
      try? FileManager.default.removeItem(atPath: path)
    }
  }

  /// Removes what is kept of a trial, and of rounds that others share with it.
  func remove(_ trial: PlannedTrial) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    for name in names where name.hasPrefix(trial.key) {
      try? FileManager.default.removeItem(atPath: UserPath.joined(path, name))
    }
  }

  func isThere(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }

  private func file(_ name: String) -> String {
    UserPath.joined(path, name + Self.ending)
  }

  // MARK: - Writing

  /// Keeps what `body` passes over under a name; where that fails, an earlier one stays.
  func write(_ name: String, _ body: (inout CheckpointPass) -> Void) {
    do {
      try TextFile.makeFolder(path)
      let stream = try Stream(file(name))
      var pass = CheckpointPass { bytes in stream.take(bytes) }
      body(&pass)
      pass.finish()
      if let problem = pass.problem { throw Failure(problem) }
      try stream.end()
    } catch {
      let isFirst = hasFailed.exchange(true, ordering: .relaxed) == false
      if isFirst { report("no checkpoint could be written to \(path): \(Self.reason(error))") }
    }
  }

  /// Bytes on their way to a file.
  private final class Stream {
    private let file: OutputFile
    private var hash = SHA256()

    init(_ path: String) throws { file = try OutputFile(path: path) }

    func take(_ bytes: [UInt8]) -> String? {
      hash.update(bytes)
      do throws(DatasetError) {
        try file.write(bytes.span)
        return nil
      } catch {
        return error.description
      }
    }

    func end() throws {
      let digest = hash.finalize()
      hash = SHA256()
      try file.write(digest.span)
      try file.commit()
    }
  }

  private struct Failure: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case let error as Failure: error.reason
    case let error as DatasetError: error.description
    default: "\(error)"
    }
  }

  // MARK: - Reading

  /// Reads what is kept under a name; `body` passes over a fresh state.
  ///
  /// - Returns: What `body` made; `nil` where nothing is kept, or nothing that will do, which is said
  ///   and removed.
  func read<State, Problem>(
    _ name: String, _ body: (inout CheckpointPass) throws(Problem) -> State?
  ) throws(Problem) -> State? {
    guard isThere(name) else { return nil }
    guard let bytes = contents(of: name) else {
      discard(name, "it is not whole")
      return nil
    }
    var pass = CheckpointPass(reading: bytes)
    guard let state = try body(&pass) else {
      discard(name, pass.problem ?? "it is of another run")
      return nil
    }
    pass.finish()
    if let problem = pass.problem {
      discard(name, problem)
      return nil
    }
    return state
  }

  private func discard(_ name: String, _ reason: String) {
    report("\(file(name)) is not used: \(reason); its rounds are played again")
    try? FileManager.default.removeItem(atPath: file(name))
  }

  /// The bytes before the digest, if they are those that it is of.
  private func contents(of name: String) -> [UInt8]? {
    guard let data = FileManager.default.contents(atPath: file(name)), data.count >= 32 else {
      return nil
    }
    let bytes = [UInt8](data.dropLast(32))
    return SHA256.hash(bytes) == [UInt8](data.suffix(32)) ? bytes : nil
  }
}
