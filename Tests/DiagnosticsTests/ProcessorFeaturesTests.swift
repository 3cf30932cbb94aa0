import Diagnostics
import Testing

@Suite struct ProcessorFeaturesTests {
  private let old = """
    processor\t: 0
    model name\t: Some CPU @ 2.00GHz
    flags\t\t: fpu sse sse2 avx popcnt

    processor\t: 1
    model name\t: Another
    flags\t\t: fpu avx avx2 fma

    """

  @Test func theFirstProcessorCounts() {
    let features = ProcessorFeatures(cpuInfo: old)
    #expect(features.name == "Some CPU @ 2.00GHz")
    #expect(features.flags == ["fpu", "sse", "sse2", "avx", "popcnt"])
    #expect(features.missing == ["abm", "avx2", "bmi1", "bmi2", "f16c", "fma", "movbe"])
  }

  @Test func nothingIsMissingWhereNothingIsKnown() {
    #expect(ProcessorFeatures(cpuInfo: "").missing.isEmpty)
    #expect(ProcessorFeatures(cpuInfo: "Features\t: fp asimd\n").flags == nil)
  }

  @Test func allOfThemSuffice() {
    let flags = ProcessorFeatures.ofVersion3.joined(separator: " ")
    #expect(ProcessorFeatures(cpuInfo: "flags : \(flags)").missing.isEmpty)
  }

  /// The machine that runs the tests has what they were built for.
  @Test func thisMachine() { #expect(ProcessorFeatures.current.missing.isEmpty) }
}
