import Federation
import Testing

@Suite struct CatalogTests {
  @Test func unknownIdsNameTheirKind() {
    let catalog = Catalog(attacks: [], aggregators: [], stages: [])
    let attack = #expect(throws: ConfigurationError.self) { _ = try catalog.attack("x") }
    #expect(attack?.description == "unknown attack 'x'")
    let defense = #expect(throws: ConfigurationError.self) { _ = try catalog.aggregator("x") }
    #expect(defense?.description == "unknown defense 'x'")
    let stage = #expect(throws: ConfigurationError.self) { _ = try catalog.stage("x") }
    #expect(stage?.description == "unknown stage 'x'")
  }
}
