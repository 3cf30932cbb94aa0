/// Values in memory that somebody else owns: a mapped file, an array of another language.
///
/// The values are read, never written; whoever wants to change them takes a copy. The memory stays
/// valid until the last reference to this object goes, which then says so by `release`.
@safe public final class BorrowedMemory<Element: BitwiseCopyable>: Sendable {
  /// The number of values.
  public let count: Int
  nonisolated(unsafe) private var base: UnsafePointer<Element>?
  nonisolated(unsafe) private var release: @Sendable () -> Void

  /// Takes memory into use.
  ///
  /// - Parameters:
  ///   - base: The first value; properly aligned, and `nil` only for no values.
  ///   - count: The number of values.
  ///   - release: Called once, when nothing reads the memory any more.
  /// - Precondition: Until then the memory is valid and nobody changes it.
  @unsafe public init(
    base: UnsafePointer<Element>?, count: Int, release: @escaping @Sendable () -> Void
  ) {
    precondition(count >= 0, "BorrowedMemory: \(count) values")
    unsafe precondition(base != nil || count == 0, "BorrowedMemory: \(count) values nowhere")
    unsafe self.base = base
    self.count = count
    unsafe self.release = release
  }

  deinit { unsafe release() }

  /// Copies the values into memory of its own and releases the owner's, which may go away then.
  ///
  /// - Precondition: Nobody reads the values at the same time.
  @unsafe public func detach() {
    guard let source = unsafe base, count > 0 else { return }
    nonisolated(unsafe) let own = UnsafeMutablePointer<Element>.allocate(capacity: count)
    unsafe own.initialize(from: source, count: count)
    let releaseOwner = unsafe release
    unsafe base = UnsafePointer(own)
    unsafe release = { unsafe own.deallocate() }
    releaseOwner()
  }

  /// The values.
  public var span: Span<Element> {
    @_lifetime(borrow self)
    get {
      let values = unsafe Span(_unsafeElements: UnsafeBufferPointer(start: base, count: count))
      return unsafe _overrideLifetime(values, borrowing: self)
    }
  }

  /// Returns the values of borrowed memory if there is some, otherwise those of an array.
  @_lifetime(borrow memory, borrow array)
  public static func values(
    of memory: borrowing BorrowedMemory?, otherwise array: borrowing [Element]
  ) -> Span<Element> {
    if let memory = copy memory {
      return unsafe _overrideLifetime(memory.span, borrowing: array)
    }
    return unsafe _overrideLifetime(array.span, borrowing: array)
  }
}
