import Datasets
import Foundation

/// The fetching of a data set into a folder.
///
/// Files that are there already and right are left alone; nothing that is there is replaced.
public struct DataDownload {
  public let data: PublishedData
  /// The folder of the data set itself.
  public let folder: String
  private let mirrors: [String]

  /// - Parameters:
  ///   - data: What to fetch.
  ///   - folder: Where to put it.
  ///   - mirrors: Addresses to ask instead of the publisher's, in order; none: the publisher's.
  public init(_ data: PublishedData, into folder: String, mirrors: [String] = []) {
    self.data = data
    self.folder = folder
    self.mirrors = (mirrors.isEmpty ? data.mirrors : mirrors).map {
      $0.hasSuffix("/") ? $0 : $0 + "/"
    }
  }

  /// The files that are not there yet.
  ///
  /// - Throws: ``DownloadError`` for files of these names with other contents, all of them; those that
  ///   an archive holds are known by their sizes here.
  /// - Complexity: reads what is there once.
  public func missing() throws(DownloadError) -> [PublishedFile] {
    var problems = unpackedProblems()
    if problems.isEmpty, isUnpacked, !isProven { return [] }
    var missing: [PublishedFile] = []
    for file in data.files {
      guard exists(file.name) else {
        missing.append(file)
        continue
      }
      do throws(DownloadError) {
        let digest = try PartialFile.digest(of: path(file.name))
        guard digest != file.sha256 else { continue }
        problems.append(
          "\(path(file.name)): is not the published file: its SHA-256 is \(digest), and \(file.sha256) "
            + "is expected; move it away to fetch it")
      } catch {
        problems += error.problems
      }
    }
    guard problems.isEmpty else { throw DownloadError(problems) }
    return missing
  }

  /// Fetches files, and unpacks of an archive what is missing.
  ///
  /// What is unpacked already is compared with the archive; where that is not there any more, only
  /// sizes are known, and ``isProven`` is false.
  ///
  /// - Parameters:
  ///   - files: What ``missing()`` returned.
  ///   - note: Told of each file before it is fetched.
  /// - Throws: ``DownloadError``, also for unpacked files with other contents; files that were complete
  ///   stay, and so do halves.
  public func run(
    _ files: [PublishedFile], note: (PublishedFile) -> Void = { _ in }
  ) throws(DownloadError) {
    if !files.isEmpty {
      try PartialFile.makeFolder(folder)
      let curl = try CurlProcess()
      for file in files {
        note(file)
        try FileDownload(file: file, addresses: mirrors.map { $0 + file.name }, curl: curl)
          .run(to: path(file.name))
      }
    }
    guard let contents = data.contents, isProven else { return }
    let others: [String]
    do throws(DatasetError) {
      others = try TapeArchive.unpack(path(data.files[0].name), contents, into: folder)
    } catch {
      throw DownloadError("\(error)")
    }
    guard others.isEmpty else {
      throw DownloadError(
        others.map { "\($0): is not the file of the archive; move it away to have that unpacked" })
    }
  }

  /// Whether ``run(_:note:)`` holds all that is there against a digest: not where the files of an
  /// archive are there without it.
  public var isProven: Bool { data.contents == nil || exists(data.files[0].name) }

  /// Says how to get files by hand, for places without a network.
  public func instructions(_ files: [PublishedFile]) -> DownloadError {
    DownloadError(
      files.map { file in
        "\(path(file.name)): not there, and nothing is fetched offline; its address is "
          + "\(mirrors[0])\(file.name), its SHA-256 \(file.sha256)"
      })
  }

  /// Whether all that the archive holds is there, of whatever size.
  private var isUnpacked: Bool {
    guard let contents = data.contents else { return false }
    return contents.sizes.keys.allSatisfy { exists(contents.folder + "/" + $0) }
  }

  /// What is there of an archive in another size.
  private func unpackedProblems() -> [String] {
    guard let contents = data.contents else { return [] }
    return contents.sizes.sorted { $0.key < $1.key }.compactMap { name, size in
      let path = path(contents.folder) + "/" + name
      // A link has a size of its own.
      let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
      guard let facts = try? FileManager.default.attributesOfItem(atPath: target),
        let found = facts[.size] as? Int, found != size
      else { return nil }
      return
        "\(path): is not the published file: it has \(found) bytes, and \(size) are expected; move "
        + "it away to fetch it"
    }
  }

  private func path(_ name: String) -> String { folder + "/" + name }

  private func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: path(name))
  }
}
