import Components
import Defenses
import Federation
import Testing

@Suite struct CatalogTests {
  private let manifests =
    builtInAggregators.map(\.manifest) + builtInStages.map(\.manifest)
    + builtInFinishers.map(\.manifest)

  @Test func idsAreSortedAndUnique() {
    for ids in [
      builtInAggregators.map(\.manifest.id), builtInStages.map(\.manifest.id),
      builtInFinishers.map(\.manifest.id),
    ] {
      #expect(ids == ids.sorted() && Set(ids).count == ids.count)
    }
  }

  @Test func manifestsAreComplete() {
    for manifest in manifests {
      #expect(!manifest.summary.isEmpty && !manifest.formula.isEmpty, "\(manifest.id)")
      #expect(!manifest.sources.isEmpty, "\(manifest.id)")
      #expect(manifest.parameters.allSatisfy { !$0.help.isEmpty }, "\(manifest.id)")
      let names = manifest.parameters.map(\.name)
      #expect(Set(names).count == names.count, "\(manifest.id)")
    }
  }
}
