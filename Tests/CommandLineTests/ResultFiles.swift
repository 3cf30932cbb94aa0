import Foundation

/// The files of a results folder as another program reads them.
struct ResultFiles {
  let path: String

  /// One object per line of `trials.jsonl`; fails where the last line has no line feed.
  func trials() throws -> [[String: Any]] {
    let data = try contents("trials.jsonl")
    guard data.isEmpty || data.last == UInt8(ascii: "\n") else { throw TornLine() }
    return try data.split(separator: UInt8(ascii: "\n")).map(Self.object)
  }

  func manifest() throws -> [String: Any] { try Self.object(try contents("run.json")) }

  /// The fields of `trials.csv`, which are quoted nowhere in these tests but in texts.
  func tableLines() throws -> [String] {
    String(decoding: try contents("trials.csv"), as: UTF8.self).split(separator: "\n")
      .map(String.init)
  }

  func contents(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path + "/" + name))
  }

  struct TornLine: Error {}
  struct NoObject: Error {}

  private static func object(_ data: Data) throws -> [String: Any] {
    guard let object = try JSONSerialization.jsonObject(with: data) as? [String: Any] else {
      throw NoObject()
    }
    return object
  }
}
