#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The processor that this program was built for.
///
/// The check runs before any other code, and so it uses memory and the system alone: collections and
/// text are generic code, of which the linker keeps one copy for the whole program, and that may be
/// one made for x86-64-v3.
enum ProcessorNeeds {
  /// Whether the program runs on any x86-64, without fused multiply-add.
  static var isPortable: Bool {
    #if PORTABLE || !arch(x86_64)
    true
    #else
    false
    #endif
  }

  /// Ends the program with a sentence, and exit code 1, on a processor that lacks what it was built for.
  ///
  /// The flags of the first processor in `/proc/cpuinfo` count; where there are none, nothing happens.
  static func check() {
    #if os(Linux)
    if isPortable { return }
    unsafe withUnsafeTemporaryAllocation(byteCount: 1 << 14, alignment: 16) { text in
      guard let base = text.baseAddress else { return }
      let count = unsafe read("/proc/cpuinfo", into: base, upTo: 1 << 14)
      let flags = unsafe Flags(text: base, count: count)
      guard unsafe flags.areKnown, unsafe !flags.haveAll else { return }
      say("error: this processor lacks")
      unsafe flags.sayMissing()
      say(
        """
        , which this build of gauntlet uses; a build from source with GAUNTLET_PORTABLE=1 set does \
        without, gives the same bits and is slower

        """)
      exit(1)
    }
    #endif
  }

  #if os(Linux)
  /// Returns the number of bytes read; 0 where the file cannot be.
  @unsafe private static func read(
    _ path: StaticString, into target: UnsafeMutableRawPointer, upTo limit: Int
  ) -> Int {
    let file = unsafe open(
      UnsafeRawPointer(path.utf8Start).assumingMemoryBound(to: CChar.self), O_RDONLY)
    guard file >= 0 else { return 0 }
    defer { close(file) }
    var count = 0
    while count < limit {
      let more = unsafe Glibc.read(file, target + count, limit &- count)
      guard more > 0 else { break }
      count &+= more
    }
    return count
  }

  private static func say(_ text: StaticString) {
    // A sentence that cannot be written is lost; the exit code stays.
    _ = unsafe write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
  }

  /// The line of flags in the text of `/proc/cpuinfo`.
  @unsafe private struct Flags {
    let text: UnsafeMutableRawPointer
    /// Where the words of the line start and where it ends; equal where there is no such line.
    var start = 0
    var end = 0

    init(text: UnsafeMutableRawPointer, count: Int) {
      unsafe self.text = text
      var line = 0
      while line < count {
        var next = line
        while next < count, unsafe byte(next) != 0x0A { next &+= 1 }
        // "flags" as a word of its own; other lines are called "vmx flags" or "bugs".
        if next &- line > 6, unsafe matches("flags", at: line), unsafe byte(line &+ 5) <= 0x20 {
          unsafe start = line &+ 5
          unsafe end = next
          return
        }
        line = next &+ 1
      }
    }

    var areKnown: Bool { unsafe end > start }

    var haveAll: Bool {
      unsafe has("abm") && has("avx") && has("avx2") && has("bmi1") && has("bmi2") && has("f16c")
        && has("fma") && has("movbe")
    }

    func sayMissing() {
      unsafe say("abm", " ABM")
      unsafe say("avx", " AVX")
      unsafe say("avx2", " AVX2")
      unsafe say("bmi1", " BMI1")
      unsafe say("bmi2", " BMI2")
      unsafe say("f16c", " F16C")
      unsafe say("fma", " FMA")
      unsafe say("movbe", " MOVBE")
    }

    private func say(_ flag: StaticString, _ name: StaticString) {
      if unsafe !has(flag) { ProcessorNeeds.say(name) }
    }

    private func has(_ flag: StaticString) -> Bool {
      let length = flag.utf8CodeUnitCount
      var position = unsafe start
      while unsafe position &+ length < end {
        if unsafe byte(position) <= 0x20, unsafe matches(flag, at: position &+ 1),
          unsafe position &+ 1 &+ length == end || byte(position &+ 1 &+ length) <= 0x20
        {
          return true
        }
        position &+= 1
      }
      return false
    }

    private func matches(_ word: StaticString, at position: Int) -> Bool {
      var index = 0
      while index < word.utf8CodeUnitCount {
        if unsafe byte(position &+ index) != word.utf8Start[index] { return false }
        index &+= 1
      }
      return true
    }

    private func byte(_ position: Int) -> UInt8 {
      unsafe text.load(fromByteOffset: position, as: UInt8.self)
    }
  }
  #endif
}
