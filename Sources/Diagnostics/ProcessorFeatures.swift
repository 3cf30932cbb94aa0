/// What the processor can do, as Linux lists it.
///
/// This module is built for any x86-64, so that it can say what is missing before code runs that
/// needs it.
public struct ProcessorFeatures: Sendable, Equatable {
  /// What the processor is called; `nil` where nothing says so.
  public let name: String?
  /// The flags that it has; `nil` where they cannot be read, as on other systems than Linux.
  public let flags: Set<String>?

  /// What builds for x86-64-v3 use, by the names of the flags; `abm` is LZCNT.
  public static let ofVersion3 = ["abm", "avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "movbe"]

  /// Reads the text of `/proc/cpuinfo`; the first processor of several counts.
  public init(cpuInfo text: String) {
    func value(of key: String) -> Substring? {
      text.split(separator: "\n").first { $0.prefix { $0 != "\t" && $0 != ":" } == key }
        .flatMap { line in line.firstIndex(of: ":").map { line[line.index(after: $0)...] } }
    }
    name = value(of: "model name").map { $0.drop { $0 == " " } }.map(String.init)
    flags = value(of: "flags").map { Set($0.split(separator: " ").map(String.init)) }
  }

  /// Those of the processor that this runs on.
  public static var current: ProcessorFeatures {
    guard let file = try? UserFile("/proc/cpuinfo"), let bytes = try? file.read(upTo: 1 << 16)
    else { return ProcessorFeatures(cpuInfo: "") }
    return ProcessorFeatures(cpuInfo: String(decoding: bytes, as: UTF8.self))
  }

  /// What builds for x86-64-v3 use and this processor lacks, ascending; empty where nothing is known.
  public var missing: [String] {
    guard let flags else { return [] }
    return Self.ofVersion3.filter { !flags.contains($0) }
  }
}
