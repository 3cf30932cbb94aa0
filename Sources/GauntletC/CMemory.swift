import BareRounds
import Kernels
import Tensors

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Texts and arrays that come from C and go there.
///
/// One of the files that wrap the C library, hence the acknowledged pointers.
enum CMemory {
  typealias Text = UnsafePointer<CChar>
  typealias TextSlot = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

  /// A text; what is not UTF-8 in it is replaced.
  static func text(_ pointer: Text?) -> String? {
    unsafe pointer.map { unsafe String(cString: $0) }
  }

  static func texts(
    _ pointer: UnsafePointer<Text?>?, count: Int64, _ name: String
  ) throws(BareRoundError) -> [String] {
    let count = try CallChecks.number(count, "the number of " + name, in: 0...10_000)
    guard count > 0 else { return [] }
    guard let pointer = unsafe pointer else { throw BareRoundError("\(name) are null") }
    var texts: [String] = []
    for index in 0..<count {
      guard let text = unsafe text(pointer[index]) else {
        throw BareRoundError("number \(index) of the \(name) is null")
      }
      texts.append(text)
    }
    return texts
  }

  /// Hands out a text, which `gauntlet_free` takes back; nothing where nobody wants it.
  static func give(_ text: String, to slot: TextSlot?) {
    unsafe slot?.pointee = unsafe strdup(text)
  }

  /// A copy of an array; `nil` for null.
  static func array<Element: BitwiseCopyable>(
    _ pointer: UnsafePointer<Element>?, count: Int, _ name: String
  ) throws(BareRoundError) -> [Element]? {
    guard let pointer = unsafe pointer else { return nil }
    try unsafe check(pointer, name)
    return unsafe Array(UnsafeBufferPointer(start: pointer, count: count))
  }

  /// Calls `body` with a matrix that reads the caller's memory where it is.
  ///
  /// Whatever still reads it afterwards, such as a defense that keeps the rows for a later round, has
  /// a copy then.
  static func lend<R>(
    _ pointer: UnsafePointer<Float>?, rows: Int, columns: Int, _ name: String,
    _ body: (consuming Matrix<Float>) throws -> R
  ) throws -> R {
    guard let pointer = unsafe pointer else { throw BareRoundError("the \(name) are null") }
    try unsafe check(pointer, name)
    let loan = Loan()
    defer { if let memory = loan.memory { unsafe memory.detach() } }
    return try unsafe lend(pointer, rows: rows, columns: columns, noting: loan, body)
  }

  /// A function of its own, never a part of its caller, so that its references are gone when it ends.
  @inline(never)
  private static func lend<R>(
    _ pointer: UnsafePointer<Float>, rows: Int, columns: Int, noting loan: Loan,
    _ body: (consuming Matrix<Float>) throws -> R
  ) throws -> R {
    let memory = unsafe BorrowedMemory(base: pointer, count: rows * columns) {}
    loan.memory = memory
    return try body(Matrix(rowCount: rows, columnCount: columns, borrowing: memory))
  }

  private final class Loan {
    weak var memory: BorrowedMemory<Float>?
  }

  /// Copies all values of a matrix to the caller's memory.
  static func write(
    _ matrix: Matrix<Float>, to target: UnsafeMutablePointer<Float>
  ) {
    unsafe matrix.span.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return }
      unsafe target.update(from: base, count: values.count)
    }
  }

  static func check<Element>(
    _ pointer: UnsafePointer<Element>, _ name: String
  ) throws(BareRoundError) {
    guard Int(bitPattern: pointer) % MemoryLayout<Element>.alignment == 0 else {
      throw BareRoundError("the memory of the \(name) is not aligned to its values")
    }
  }
}
