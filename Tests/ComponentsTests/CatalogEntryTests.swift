import Components
import Testing

@Suite struct CatalogEntryTests {
  private struct Entry: CatalogEntry {
    let manifest: ComponentManifest
    let note: Int

    init(_ id: ComponentID, note: Int = 0) {
      manifest = ComponentManifest(id: id, summary: "A sample.")
      self.note = note
    }
  }

  @Test func entriesAreFoundById() throws {
    let catalog = [Entry("a"), Entry("b", note: 2)]
    #expect(try catalog.entry("b", kind: "sample").note == 2)
    let error = #expect(throws: ConfigurationError.self) {
      try catalog.entry("c", kind: "sample")
    }
    #expect(
      error?.problems == [.unknownComponent(kind: "sample", id: "c", known: ["a", "b"])])
  }

  @Test func addedEntriesReplaceThoseOfTheSameIdAndSort() {
    let catalog = [Entry("b"), Entry("d")].adding([Entry("d", note: 1), Entry("a"), Entry("c")])
    #expect(catalog.map(\.manifest.id) == ["a", "b", "c", "d"])
    #expect(catalog.map(\.note) == [0, 0, 0, 1])
  }
}
