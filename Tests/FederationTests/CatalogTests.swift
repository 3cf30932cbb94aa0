import Components
import Datasets
import Federation
import Testing
import Training

@Suite struct CatalogTests {
  @Test func unknownIdsNameTheirKind() {
    let catalog = Catalog(attacks: [], aggregators: [])
    func text(_ body: () throws(ConfigurationError) -> Void) -> String? {
      do throws(ConfigurationError) {
        try body()
        return nil
      } catch {
        return error.description
      }
    }
    #expect(
      text { () throws(ConfigurationError) in _ = try catalog.attack("x") } == "unknown attack 'x'")
    #expect(
      text { () throws(ConfigurationError) in _ = try catalog.modifier("x") }
        == "unknown modifier 'x'")
    #expect(
      text { () throws(ConfigurationError) in _ = try catalog.aggregator("x") }
        == "unknown defense 'x'")
    #expect(
      text { () throws(ConfigurationError) in _ = try catalog.stage("x") } == "unknown stage 'x'")
    #expect(
      text { () throws(ConfigurationError) in _ = try catalog.finisher("x") }
        == "unknown finisher 'x'")
  }

  @Test func addedEntriesReplaceThoseOfTheSameId() throws {
    let first = StageEntry(Adding.self)
    let catalog = Catalog(attacks: [], aggregators: [AggregatorEntry(FirstRow.self)])
      .adding(stages: [first])
    #expect(catalog.stages.map(\.manifest.id) == ["adding"])
    let other = StageEntry(
      manifest: ComponentManifest(id: "adding", summary: "Another one."), mixesRows: true,
      make: first.make)
    #expect(try catalog.adding(stages: [other]).stage("adding").mixesRows)
    #expect(try !catalog.stage("adding").mixesRows)
  }

  @Test func builtInCatalogsAreSortedByUniqueIds() {
    let catalog = Catalog(attacks: [], aggregators: [])
    for ids in [
      catalog.datasets.map(\.manifest.id), catalog.partitions.map(\.manifest.id),
      catalog.models.map(\.manifest.id), catalog.learningRates.map(\.manifest.id),
      catalog.triggers.map(\.manifest.id), catalog.attackSchedules.map(\.manifest.id),
    ] {
      #expect(!ids.isEmpty && ids == ids.sorted() && Set(ids).count == ids.count, "\(ids)")
    }
  }
}
