public import Foundation

extension RunManifestV1 {
  /// The time in the form of `started` and `finished`, in UTC to the second.
  public static func timestamp(_ date: Date) -> String {
    date.formatted(.iso8601)
  }

  /// The file's text: keys sorted, two spaces of indentation, one line feed at the end.
  ///
  /// - Throws: `EncodingError` where the resolved scenario holds a number that is not finite.
  public func text() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }
}
