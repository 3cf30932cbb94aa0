/// Reading and writing of named arrays in the format of `numpy.savez`.
///
/// The format: a ZIP archive that holds each array as a file in the format of ``NPYFile``, under the
/// name of the array and `.npy`.
public enum NPZFile {
  static let suffix = ".npy"

  /// Whether a name can be shown as it is: without control characters.
  static func isShowable(_ name: String) -> Bool {
    name.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value) }
  }
}
