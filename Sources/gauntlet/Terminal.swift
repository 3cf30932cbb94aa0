import Foundation

/// What the standard streams are connected to.
///
/// One of the files that wrap the C library, hence the acknowledged pointers.
enum Terminal {
  static var isInput: Bool { isatty(STDIN_FILENO) == 1 }
  static var isOutput: Bool { isatty(STDOUT_FILENO) == 1 }
  static var isError: Bool { isatty(STDERR_FILENO) == 1 }

  /// Whether the caller wanted the end of the terminal to do nothing, as `nohup` does.
  static var ignoresHangup: Bool {
    let before = signal(SIGHUP, SIG_IGN)
    signal(SIGHUP, before)
    return unsafe unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// The width of tables: `COLUMNS`, else that of the terminal, else 100; 40 to 100.
  static var outputWidth: Int { width(of: STDOUT_FILENO) }

  /// The width of tables of names: without end where nobody looks at it, so that no name is cut.
  static var planWidth: Int {
    isOutput || ProcessInfo.processInfo.environment["COLUMNS"] != nil ? outputWidth : 1_000_000
  }

  /// The width of progress bars, likewise.
  static var errorWidth: Int { width(of: STDERR_FILENO) }

  private static func width(of descriptor: Int32) -> Int {
    let columns = ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) }
    return min(100, max(40, columns ?? columnCount(of: descriptor) ?? 100))
  }

  private static func columnCount(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return nil
    }
    return Int(size.ws_col)
  }
}
