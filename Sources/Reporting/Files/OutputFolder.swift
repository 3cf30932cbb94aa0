import Diagnostics
import Foundation
public import Results

/// A folder that this program writes as a whole: a report or a site.
///
/// All files are written beside it first and take its place at the end, so that a reader finds the
/// old ones or the new ones; a kill between two renames leaves the old ones beside it as
/// `NAME.old-NUMBER`. A folder that is there is replaced only if it is empty, or if this
/// program wrote everything in it, which a file in it lists.
public struct OutputFolder: Sendable {
  /// Why a folder was not written.
  public struct Problem: Error, Sendable, CustomStringConvertible {
    public let description: String
  }

  /// A file by its path in the folder, with slashes.
  public struct File: Sendable {
    public var path: String
    public var content: String

    public init(_ path: String, _ content: String) {
      self.path = path
      self.content = content
    }
  }

  /// As the user gave it, without slashes at the end.
  public let path: String
  private let schema: String
  private let facts: [String: JSONValue]

  /// The file that says what wrote the folder, and which files it wrote.
  public static let markerName = "contents.json"

  /// - Parameters:
  ///   - path: The folder; a symbolic link to one stays, and what it leads to is replaced.
  ///   - schema: Names what is written, such as `gauntlet/report/1`.
  ///   - facts: What else the marker says.
  public init(_ path: String, schema: String, facts: [String: JSONValue] = [:]) {
    var bytes = path.utf8[...]
    while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
    self.path = String(decoding: bytes, as: UTF8.self)
    self.schema = schema
    self.facts = facts
  }

  /// Refuses a folder that holds what this program did not write; to be called before any work.
  public func check() throws(Problem) { _ = try place() }

  /// Writes the files and puts them in place.
  ///
  /// - Throws: ``Problem``; then the folder is as it was, and nothing is left beside it.
  public func write(_ files: [File]) throws(Problem) {
    let place = try place()
    let number = ProcessInfo.processInfo.processIdentifier
    let staging = "\(place).partial-\(number)"
    let old = "\(place).old-\(number)"
    let manager = FileManager.default
    var made: [String] = []
    do {
      made = try Self.makeParents(of: place)
      // Of a process with the same number that was killed.
      for path in [staging, old] where manager.fileExists(atPath: path) {
        try manager.removeItem(atPath: path)
      }
      try fill(staging, with: files)
      if manager.fileExists(atPath: place) { try manager.moveItem(atPath: place, toPath: old) }
      do {
        try manager.moveItem(atPath: staging, toPath: place)
      } catch {
        try? manager.moveItem(atPath: old, toPath: place)
        throw error
      }
      try? manager.removeItem(atPath: old)
    } catch {
      try? manager.removeItem(atPath: staging)
      for folder in made { try? manager.removeItem(atPath: folder) }
      throw Problem(description: "\(path): cannot be written: \(Self.reason(error))")
    }
  }

  /// Makes the folders, then the files, of which there may be thousands, side by side.
  private func fill(_ folder: String, with files: [File]) throws {
    let all = files + [marker(files)]
    for parent in Set(all.map { UserPath.folder(of: folder + "/" + $0.path) }).sorted() {
      try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    }
    let groups = stride(from: 0, to: all.count, by: Self.groupSize).map {
      all[$0..<min($0 + Self.groupSize, all.count)]
    }
    let problems = Concurrently.map(groups) { group -> ResultError? in
      do throws(ResultError) {
        for file in group { try StagedFile.write(file.content, to: folder + "/" + file.path) }
        return nil
      } catch {
        return error
      }
    }
    if let problem = problems.compactMap(\.self).first { throw problem }
  }

  /// Files that are written one after the other.
  private static let groupSize = 64

  private func marker(_ files: [File]) -> File {
    var members = facts
    members["schema"] = .string(schema)
    members["files"] = .array(files.map(\.path).sorted().map { .string($0) })
    return File(Self.markerName, CanonicalJSON.string(.object(members)) + "\n")
  }

  /// Makes the folders above a path that are not there; returns the outermost.
  private static func makeParents(of path: String) throws -> [String] {
    let parent = UserPath.folder(of: path)
    var first: String?
    var folder = parent
    while !FileManager.default.fileExists(atPath: folder) {
      first = folder
      let above = UserPath.folder(of: folder)
      if above == folder { break }
      folder = above
    }
    guard let first else { return [] }
    do {
      try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    } catch {
      try? FileManager.default.removeItem(atPath: first)
      throw error
    }
    return [first]
  }

  private static func reason(_ error: any Error) -> String {
    if case ResultError.noSpace = error { return "no space left" }
    if error is ResultError { return "\(error)" }
    let known = error as NSError
    let cause = (known.userInfo[NSUnderlyingErrorKey] as? NSError) ?? known
    if cause.domain == NSPOSIXErrorDomain, let code = POSIXErrorCode(rawValue: Int32(cause.code)) {
      switch code {
      case .ENOSPC, .EDQUOT: return "no space left"
      case .EACCES, .EPERM: return "permission denied"
      case .EROFS: return "the file system is read-only"
      case .ENOTDIR, .EEXIST: return "a part of the path is a file"
      case .EBUSY: return "it is in use, such as by a mount; name a folder in it"
      case .ENAMETOOLONG: return "its name is too long"
      default: break
      }
    }
    switch CocoaError.Code(rawValue: known.code) {
    case .fileWriteOutOfSpace where known.domain == NSCocoaErrorDomain: return "no space left"
    case .fileWriteNoPermission where known.domain == NSCocoaErrorDomain: return "permission denied"
    case .fileWriteFileExists where known.domain == NSCocoaErrorDomain:
      return "a part of the path is a file"
    default: return error.localizedDescription
    }
  }
}

// What is there already.
extension OutputFolder {
  /// Where to write: the path, or where it leads.
  private func place() throws(Problem) -> String {
    let manager = FileManager.default
    let isLink = (try? manager.destinationOfSymbolicLink(atPath: path)) != nil
    guard manager.fileExists(atPath: path) else {
      if isLink { throw Problem(description: "\(path): is a link that leads nowhere") }
      return path
    }
    let place = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    let attributes = try? manager.attributesOfItem(atPath: place)
    guard attributes?[.type] as? FileAttributeType == .typeDirectory else {
      throw Problem(description: "\(path): is a file, and a folder is needed")
    }
    let current = URL(fileURLWithPath: manager.currentDirectoryPath).resolvingSymlinksInPath().path
    guard current != place, !current.hasPrefix(place == "/" ? place : place + "/") else {
      throw Problem(
        description: "\(path): holds the folder that you are in, and would be replaced as a whole; "
          + "name a new or an empty folder in it")
    }
    guard let names = try? manager.contentsOfDirectory(atPath: place) else {
      throw Problem(description: "\(path): cannot be listed")
    }
    guard !names.isEmpty else { return place }
    guard let known = written(in: place) else {
      throw Problem(
        description: "\(path): holds other files, and would be replaced as a whole; name a new or "
          + "an empty folder")
    }
    if let foreign = Self.files(of: place).first(where: { !known.contains($0) }) {
      throw Problem(
        description: "\(path): holds '\(excerpt(foreign))', which is no part of what was written, "
          + "and would be replaced as a whole; move it, or name a new folder")
    }
    return place
  }

  /// The files that this program wrote into a folder, by their paths in it; `nil` for a folder of
  /// another kind.
  private func written(in folder: String) -> Set<String>? {
    guard let data = FileManager.default.contents(atPath: folder + "/" + Self.markerName),
      case .object(let members)? = try? JSONDecoder().decode(JSONValue.self, from: data),
      members["schema"] == .string(schema), case .array(let files)? = members["files"]
    else { return nil }
    let paths = files.compactMap { file -> String? in
      if case .string(let path) = file { path } else { nil }
    }
    return Set(paths + [Self.markerName])
  }

  /// What lies in a folder and in those in it, but for the folders themselves, sorted.
  private static func files(of folder: String) -> [String] {
    let found = FileManager.default.enumerator(atPath: folder)
    var files: [String] = []
    while let path = found?.nextObject() as? String {
      // Desktops leave this one in folders that they show.
      if UserPath.name(of: path) == ".DS_Store" { continue }
      if found?.fileAttributes?[.type] as? FileAttributeType != .typeDirectory {
        files.append(path)
      }
    }
    return files.sorted()
  }
}
