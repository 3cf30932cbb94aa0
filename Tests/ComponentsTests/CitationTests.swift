import Components
import Testing

@Suite struct CitationTests {
  @Test(arguments: [
    (
      Citation(["Gu", "Garg"], "BadNets", "arXiv", 2017, arXiv: "1708.06733"),
      "Gu, Garg. BadNets. 2017. arXiv:1708.06733"
    ),
    (Citation(["Xie"], "DBA", "ICLR", 2020), "Xie. DBA. ICLR 2020."),
    (
      Citation(["Wu"], "Byrd", "TSP", 2022, doi: "10.1/x", arXiv: "1.2"),
      "Wu. Byrd. TSP 2022. doi:10.1/x arXiv:1.2"
    ),
  ])
  func oneLineSaysWhereItIsFound(citation: Citation, text: String) {
    #expect(citation.description == text)
  }

  @Test func sourcesOfAManifestEndWithTheOrigin() {
    let cited = ComponentManifest(
      id: "x", summary: "A sample.", citations: [Citation(["Xie"], "DBA", "ICLR", 2020)],
      origin: "With care.")
    #expect(cited.sources == "Xie. DBA. ICLR 2020.\nWith care.")
    let folklore = ComponentManifest(id: "x", summary: "A sample.", origin: "Folklore.")
    #expect(folklore.sources == "Folklore.")
  }
}
