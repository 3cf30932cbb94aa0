public import Diagnostics
import Foundation

extension BaselineV1 {
  /// Reads a baseline file.
  ///
  /// - Throws: ``DocumentError`` with the line of each problem: syntax (a `NaN` is no JSON), another
  ///   schema, unknown or missing keys, a cell or key that is given twice, illegal values, metrics
  ///   that the policy does not know.
  public init(path: String) throws(DocumentError) {
    guard FileManager.default.fileExists(atPath: path) else {
      throw DocumentError(file: path, problems: [.init("no such file")])
    }
    if (try? FileManager.default.contentsOfDirectory(atPath: path)) != nil {
      throw DocumentError(file: path, problems: [.init("is a folder, and a file is needed")])
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw DocumentError(file: path, problems: [.init("cannot be read")])
    }
    try self.init([UInt8](data), path: path)
  }

  /// Reads the text of a baseline; `path` names it in messages.
  public init(text: String, path: String) throws(DocumentError) {
    try self.init(Array(text.utf8), path: path)
  }

  private init(_ bytes: [UInt8], path: String) throws(DocumentError) {
    guard !bytes.isEmpty else {
      throw DocumentError(file: path, problems: [.init("the file is empty")])
    }
    var reader = BaselineReader(bytes, path: path)
    self = try reader.read()
  }
}
