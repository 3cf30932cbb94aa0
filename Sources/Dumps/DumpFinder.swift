import Diagnostics
import Foundation

/// Finds the rounds that paths name.
public enum DumpFinder {
  /// A file with the updates of one round.
  struct Round: Sendable, Hashable {
    let path: String
    let format: DumpFormat
    /// The `meta.json` beside it; `nil` where there is none.
    let metaPath: String?
    /// Its place among the files that share this `meta.json`, from 0.
    let place: Int
  }

  /// Why nothing can be replayed.
  public struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
  }

  /// How deep folders are searched: results, dumps, trial, round.
  private static let depthLimit = 4

  /// Returns the rounds that files and folders hold, those of one parent folder together, in the natural
  /// order of their names.
  ///
  /// A folder with a `meta.json` has a round in each of its files of arrays. In one without, its folders
  /// are searched; where none of them has a `meta.json`, its own files are taken as they are. Symbolic
  /// links to folders are followed only where they are named.
  ///
  /// - Throws: ``Problem`` for a path where there is nothing to replay.
  public static func sequences(_ paths: [String]) throws(Problem) -> [DumpSequence] {
    var rounds: [Round] = []
    for path in paths { rounds += try self.rounds(at: path) }
    var seen: Set<Round> = []
    rounds = rounds.filter { seen.insert($0).inserted }
    let counts = Dictionary(rounds.map { (UserPath.folder(of: $0.path), 1) }, uniquingKeysWith: +)
    var places: [String: Int] = [:]
    var sequences: [(parent: String, rounds: [Round])] = []
    for round in rounds {
      let folder = UserPath.folder(of: round.path)
      // A folder of its own stands for the round; its siblings are the others.
      let isOwn = counts[folder] == 1 && round.metaPath != nil
      let parent = isOwn ? UserPath.folder(of: folder) : folder
      let place = places[parent] ?? sequences.count
      if place == sequences.count { sequences.append((parent, [])) }
      places[parent] = place
      sequences[place].rounds.append(round)
    }
    return sequences.map { parent, rounds in
      DumpSequence(
        path: rounds.count == 1 ? name(of: rounds[0]) : parent,
        rounds: rounds.sorted { precedes($0.path, $1.path) })
    }
  }

  /// A round by its folder, if that has a `meta.json`.
  private static func name(of round: Round) -> String {
    round.metaPath == nil ? round.path : UserPath.folder(of: round.path)
  }

  private static func rounds(at path: String) throws(Problem) -> [Round] {
    guard FileManager.default.fileExists(atPath: path) else {
      throw Problem(description: "\(path): there is no such file or folder")
    }
    guard (try? FileManager.default.contentsOfDirectory(atPath: path)) != nil else {
      guard let format = DumpFormat(fileName: path) else {
        throw Problem(
          description: "\(path): is no file of arrays; their names end in "
            + DumpFormat.allCases.map { "." + $0.rawValue }.joined(separator: ", "))
      }
      let metaPath = metaPath(in: UserPath.folder(of: path))
      return [Round(path: path, format: format, metaPath: metaPath, place: 0)]
    }
    let found = try withMeta(below: path, depth: 0)
    if !found.isEmpty { return found }
    let own = arrays(in: path, try names(in: path))
    guard !own.isEmpty else {
      throw Problem(
        description: "\(path): holds no round: updates as .npy, .npz or .safetensors with "
          + "\(DumpMeta.fileName) beside them")
    }
    return own
  }

  /// The rounds of a folder, or of those in it, that have a `meta.json`.
  private static func withMeta(below folder: String, depth: Int) throws(Problem) -> [Round] {
    let names = try names(in: folder)
    if names.contains(DumpMeta.fileName) {
      let own = arrays(in: folder, names)
      guard !own.isEmpty else {
        throw Problem(
          description:
            "\(folder): has \(DumpMeta.fileName) and no updates beside it: .npy, .npz or "
            + ".safetensors")
      }
      return own
    }
    guard depth < depthLimit else { return [] }
    var rounds: [Round] = []
    for name in names {
      let path = UserPath.joined(folder, name)
      let kind =
        try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
      guard kind == .typeDirectory else { continue }
      rounds += try withMeta(below: path, depth: depth + 1)
    }
    return rounds
  }

  private static func arrays(in folder: String, _ names: [String]) -> [Round] {
    let reserved = ["\(DumpFiles.global).npy", "\(DumpFiles.root).npy"]
    let files = names.filter { DumpFormat(fileName: $0) != nil && !reserved.contains($0) }
    return files.enumerated().compactMap { place, name in
      DumpFormat(fileName: name).map { format in
        Round(
          path: UserPath.joined(folder, name), format: format, metaPath: metaPath(in: folder),
          place: place)
      }
    }
  }

  private static func metaPath(in folder: String) -> String? {
    let path = UserPath.joined(folder, DumpMeta.fileName)
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }

  /// The names in a folder but for hidden ones, in natural order.
  private static func names(in folder: String) throws(Problem) -> [String] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw Problem(description: "\(folder): cannot be read")
    }
    return names.filter { !$0.hasPrefix(".") }.sorted(by: precedes)
  }

  /// Numbers in names count by their value: `round-9` precedes `round-10`.
  private static func precedes(_ a: String, _ b: String) -> Bool {
    switch a.compare(b, options: .numeric) {
    case .orderedAscending: true
    case .orderedDescending: false
    case .orderedSame: a < b
    }
  }
}
