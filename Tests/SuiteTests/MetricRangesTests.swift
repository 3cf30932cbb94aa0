import Metrics
import Results
import Simulation
import Suite
import Testing

@Suite struct MetricRangesTests {
  @Test func everyMetricSaysItsRange() {
    for manifest in MetricCatalog.builtIn.manifests {
      #expect(manifest.bounds != nil, "\(manifest.id): \(manifest.range)")
    }
  }

  @Test(arguments: [
    ("asr.stop", 0.0, true), ("asr.stop", 1, true), ("asr.stop", 1 + 1e-12, true),
    ("asr.stop", 1.7, false), ("asr.stop", -5, false), ("asr.stop", -1e308, false),
    ("asr.stop", .greatestFiniteMagnitude, false), ("accuracy.class.12", 1.5, false),
    ("accuracy.class.12", 0.5, true), ("accuracy.class.x", 1.5, true), ("mine", 1.7, true),
    ("accuracy.drop", -1, true), ("accuracy.drop", -1.1, false),
  ])
  func whatAMetricCanBe(id: String, value: Double, isLegal: Bool) {
    #expect((MetricRanges.builtIn.problem(id, value) == nil) == isLegal)
  }
}
