public import Diagnostics
public import Results

extension BaselineV1 {
  /// Reads a baseline file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - ranges: The values that metrics can have.
  /// - Throws: ``DocumentError`` with the line of each problem: syntax (a `NaN` is no JSON), another
  ///   schema, unknown or missing keys, a cell or key that is given twice, illegal values, metrics
  ///   that the policy does not know, values outside their range.
  public init(path: String, ranges: MetricRanges = .unknown) throws(DocumentError) {
    let bytes: [UInt8]
    do throws(UserFile.Problem) {
      bytes = try UserFile.contents(of: path)
    } catch {
      throw DocumentError(
        file: path,
        problems: [
          .init([.missing, .folder].contains(error) ? "\(error)" : "cannot be read: \(error)")
        ])
    }
    try self.init(bytes, path: path, ranges)
  }

  /// Reads the text of a baseline; `path` names it in messages.
  public init(
    text: String, path: String, ranges: MetricRanges = .unknown
  ) throws(DocumentError) {
    try self.init(Array(text.utf8), path: path, ranges)
  }

  private init(
    _ bytes: [UInt8], path: String, _ ranges: MetricRanges
  ) throws(DocumentError) {
    guard !bytes.isEmpty else {
      throw DocumentError(file: path, problems: [.init("the file is empty")])
    }
    var reader = BaselineReader(bytes, path: path, ranges: ranges)
    self = try reader.read()
  }
}
