public import Datasets

/// A data set that its publishers offer, with its terms and the places where its files lie.
public struct PublishedData: Sendable {
  /// The id, which is also the folder that the files are put into.
  public let id: String
  public let title: String
  /// The terms as they are known, as an SPDX id where there is one.
  public let license: String
  /// Whom to name.
  public let credit: String
  /// The page that describes it.
  public let page: String
  /// The addresses that the names of files are appended to, each with a `/` at its end, in order.
  public let mirrors: [String]
  public let files: [PublishedFile]
  /// What is unpacked from the first file; `nil`: files are read as they are.
  public let contents: TapeArchive.Contents?
  /// The data set of a scenario that reads its folder.
  public let entry: String

  public init(
    id: String, title: String, license: String, credit: String, page: String, mirrors: [String],
    files: [PublishedFile], contents: TapeArchive.Contents? = nil, entry: String
  ) {
    self.id = id
    self.title = title
    self.license = license
    self.credit = credit
    self.page = page
    self.mirrors = mirrors
    self.files = files
    self.contents = contents
    self.entry = entry
  }

  public var byteCount: Int { files.reduce(0) { $0 + $1.byteCount } }
}
