import Diagnostics

/// The processor that this program was built for.
enum ProcessorNeeds {
  /// Whether the program runs on any x86-64, without fused multiply-add.
  static var isPortable: Bool {
    #if PORTABLE || !arch(x86_64)
    true
    #else
    false
    #endif
  }

  /// Why the program cannot run on a processor; `nil` where it can, or where nothing is known.
  static func refusal(by processor: ProcessorFeatures) -> String? {
    guard !isPortable, !processor.missing.isEmpty else { return nil }
    return
      "this processor lacks \(processor.missing.map { $0.uppercased() }.joined(separator: ", ")), which "
      + "this build of gauntlet uses; a build from source with GAUNTLET_PORTABLE=1 set does "
      + "without, gives the same bits and is slower"
  }
}
