/// Reading and writing of named arrays in the format of the library `safetensors`.
///
/// The format: the length of the header as eight bytes, the lowest first; the header, a JSON object
/// that gives each array its type, its shape and the range of its bytes; then the bytes of all arrays
/// without a gap.
///
/// - Note: Hugging Face, "Safetensors", format of version 0.4.
public enum SafeTensorsFile {
  /// The longest header that is read, which names some ten thousand arrays.
  static let headerLimit = 1 << 20
}
