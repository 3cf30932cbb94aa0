import Glibc

/// Reads one input, which has to end in a value or an error, without a trap.
///
/// libFuzzer has the main function: `PARSER=npz parser-fuzz [its options] [CORPUS]`, which
/// `Tests/Fuzz/parsers.py` calls.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ length: Int) -> Int32 {
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: length))
  let before = peakMemory()
  parser.read(bytes)
  let taken = peakMemory() - before
  require(
    taken <= memoryLimit + memoryPerByte * length,
    "\(length) bytes made '\(parser)' take \(taken >> 20) MiB")
  return 0
}

/// What the inputs go to.
private let parser: FuzzedParser = {
  if let parser = environment("PARSER").flatMap(FuzzedParser.init(rawValue:)) { return parser }
  print("PARSER has to be one of: " + FuzzedParser.allCases.map(\.rawValue).joined(separator: " "))
  exit(64)
}()

/// More than that, besides what the length of an input warrants, is no honest need for memory.
private let memoryLimit = 64 << 20
/// Deflate shrinks at most 1032-fold, and what comes out of it is kept twice at most.
private let memoryPerByte = 4 * 1032

/// The most bytes that the process had in memory.
private func peakMemory() -> Int {
  var usage = rusage()
  _ = unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return usage.ru_maxrss << 10
}

/// A precondition that says what is wrong in a release build too.
func require(_ condition: Bool, _ message: @autoclosure () -> String) {
  if !condition { fatalError(message()) }
}

func environment(_ name: String) -> String? {
  unsafe getenv(name).map { unsafe String(cString: $0) }
}
