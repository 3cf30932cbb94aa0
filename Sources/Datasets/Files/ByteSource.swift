/// Bytes that are read in order: a file, or one member of an archive.
protocol ByteSource: AnyObject {
  /// The name used in messages.
  var path: String { get }
  /// How many bytes are left to read, where that is known: not for pipes and devices.
  var remainingCount: Int? { get }

  /// Fills `span` and returns how many bytes it got: fewer than asked for only at the end.
  ///
  /// - Precondition: every bit pattern is a value of `Element`, as with integers and floats.
  func read<Element: BitwiseCopyable>(into span: inout MutableSpan<Element>) throws(DatasetError)
    -> Int
}

extension ByteSource {
  /// Returns the next `count` bytes, or fewer at the end.
  func read(_ count: Int) throws(DatasetError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var span = bytes.mutableSpan
    let found = try read(into: &span)
    bytes.removeLast(count - found)
    return bytes
  }

  /// Fills the front of `buffer` with up to `count` elements and returns how many bytes it got.
  func read<Element: BitwiseCopyable>(_ count: Int, into buffer: inout [Element])
    throws(DatasetError) -> Int
  {
    var span = buffer.mutableSpan
    var front = span._mutatingExtracting(first: count)
    return try read(into: &front)
  }
}
