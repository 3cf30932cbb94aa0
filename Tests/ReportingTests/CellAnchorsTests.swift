import Results
import Studies
import Testing

@testable import Reporting

@Suite struct CellAnchorsTests {
  private func anchors(_ cells: [(attack: String, defense: String)], prefix: String = "")
    -> [String]
  {
    let grid = TrialGrid(cells.map { Fixtures.record($0.attack, $0.defense) })
    let anchors = CellAnchors(grid, prefix: prefix)
    return grid.cells.compactMap { anchors[$0] }
  }

  @Test func namesTheCell() {
    #expect(anchors([("flip", "krum")]) == ["cell-flip-krum"])
    #expect(anchors([("flip", "krum")], prefix: "s2-") == ["s2-cell-flip-krum"])
    let grid = TrialGrid([Fixtures.record("a", "b", axes: ["threat.malicious": "0.3", "b": "x y"])])
    #expect(CellAnchors(grid, prefix: "")[grid.cells[0]] == "cell-a-b-b-x-y-threat.malicious-0.3")
  }

  @Test func areUniqueWhateverTheNames() {
    let long = String(repeating: "a", count: 100)
    let names = ["a", "A", "a-2", "a b", "a<b", "a>b", "", long, long + "b", "é", "ü"]
    let ids = anchors(names.flatMap { attack in names.map { (attack, $0) } })
    #expect(ids.count == names.count * names.count)
    // Files of some systems do not tell letters apart by their size.
    #expect(Set(ids.map { $0.lowercased() }).count == ids.count)
  }

  @Test func noNameMakesTheIdOfAnotherPart() {
    for id in anchors([("a", "b"), ("a", "b_title"), ("a", "b-curves")]) {
      #expect(!id.contains("_"))
    }
  }

  @Test func slugsAreSafeInIDsFilesAndAddresses() {
    for name in HostileTables.names {
      let slug = CellAnchors.slug(name)
      #expect(slug.utf8.count <= 80)
      #expect(slug.wholeMatch(of: /[A-Za-z0-9.-]*/) != nil)
    }
    #expect(CellAnchors.slug("../../etc/passwd") == "..-..-etc-passwd")
  }

  @Test func manyEqualIDsTakeNoLongTime() {
    var ids = UniqueIDs()
    let found = (0..<20_000).map { _ in ids.id("x") }
    #expect(found[0] == "x" && found[1] == "x-2" && found[19_999] == "x-20000")
    #expect(ids.id("x-7") == "x-7-2")
  }
}
