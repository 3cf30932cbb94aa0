/// Why results could not be written or read.
public enum ResultError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The folder holds trials already, where it has to be new or empty.
  case alreadyHasTrials(path: String)
  /// A file has the name of one of ours, but is none.
  case notOurs(path: String)
  /// Another process is writing into the folder.
  case inUse(path: String)
  /// The results there do not belong to the run that would go on with them.
  case differs(path: String, reason: String)
  /// Results do not belong together.
  case cannotJoin(path: String, reason: String)
  /// The folder for joined results is one of those that are joined.
  case outputIsInput(path: String)
  /// A file that has to be there is missing, or lacks a part.
  case incomplete(path: String, reason: String)
  /// Results contradict themselves.
  case inconsistent(path: String, reason: String)
  /// What a run wrote is not in its folder at its end.
  case lost(path: String, reason: String)
  /// Trials with equal keys have unequal numbers.
  case nondeterministic([TrialDifference])
  /// A file is where a folder has to be.
  case notAFolder(path: String)
  /// Permissions or a read-only file system.
  case notWritable(path: String, reason: String)
  /// The disk or a quota is full; nothing half-written was left.
  case noSpace(path: String, reason: String)
  /// Any other refusal of the operating system while writing.
  case writeFailed(path: String, reason: String)
  case unreadable(path: String, reason: String)
  /// A line, counted from 1, is not what it should be.
  case malformed(path: String, line: Int, reason: String)
  /// The results are of another version of the format.
  case unsupportedSchema(path: String, found: String)

  public var description: String {
    switch self {
    case .alreadyHasTrials(let path):
      "\(path): there are results already; --fresh replaces them"
    case .notOurs(let path):
      "\(path): is no file of such results; --fresh replaces it"
    case .inUse(let path):
      "\(path): another run is writing there"
    case .differs(let path, let reason):
      "\(path): \(reason); --fresh replaces them, or take another folder"
    case .cannotJoin(let path, let reason):
      "\(path): cannot be joined with the others: \(reason)"
    case .outputIsInput(let path):
      "\(path): is one of the folders to join; take another one for all of them"
    case .incomplete(let path, let reason):
      "\(path): \(reason); --fresh starts over"
    case .lost(let path, let reason):
      "\(path): was deleted, replaced or changed while the run wrote it: \(reason)"
    case .inconsistent(let path, let reason):
      "\(path): \(reason)"
    case .nondeterministic(let differences):
      TrialDifference.text(differences)
    case .notAFolder(let path):
      "\(path): is a file, and a folder is needed"
    case .notWritable(let path, let reason):
      "\(path): cannot be written: \(reason)"
    case .noSpace(let path, let reason):
      "\(path): no space left to write: \(reason)"
    case .writeFailed(let path, let reason):
      "\(path): writing failed: \(reason)"
    case .unreadable(let path, let reason):
      "\(path): cannot be read: \(reason)"
    case .malformed(let path, let line, let reason):
      "\(path):\(line): \(reason)"
    case .unsupportedSchema(let path, let found):
      "\(path): has the format '\(found)'; this version reads '\(RunManifestV1.currentSchema)'"
    }
  }
}
