import Components
import Testing

@testable import Reporting

@Suite struct BibliographyTests {
  private static let software = Bibliography.Software(
    title: "Gauntlet", authors: "The authors", abstract: "A suite_x.", versions: ["1.0"])
  private static let krum = Citation(
    ["Blanchard", "El Mhamdi"], "Machine learning in IID data", "NeurIPS", 2017, arXiv: "1703.02757"
  )

  @Test func eachPaperStandsOnceWithItsMethods() {
    let bibliography = Bibliography(
      [
        .init("multi-krum (defense)", citations: [Self.krum], origin: ""),
        .init("krum (defense)", citations: [Self.krum, Self.krum], origin: "As there."),
        .init(
          "rfa (defense)",
          citations: [
            Citation(
              ["Pillutla"], "Robust aggregation", "IEEE Transactions on Signal Processing", 2022,
              doi: "10.1109/TSP.2022_1")
          ], origin: ""),
        .init("x (attack)", citations: [], origin: "Folklore: a test\nof @server."),
        .init("y (attack)", citations: [], origin: ""),
      ], software: Self.software, remarks: ["Settings of 'a'"])
    #expect(
      bibliography.bibtex == """
        @misc{gauntlet,
          author = {{The authors}},
          title = {{Gauntlet}},
          howpublished = {Software, version 1.0},
          note = {A suite\\_x.}
        }

        % krum (defense), multi-krum (defense)
        @inproceedings{blanchard2017machine,
          author = {Blanchard and {El Mhamdi}},
          title = {Machine learning in {IID} data},
          booktitle = {NeurIPS},
          year = {2017},
          eprint = {1703.02757},
          archiveprefix = {arXiv}
        }

        % rfa (defense)
        @article{pillutla2022robust,
          author = {Pillutla},
          title = {Robust aggregation},
          journal = {IEEE Transactions on Signal Processing},
          year = {2022},
          doi = {10.1109/TSP.2022_1}
        }

        % x (attack): Folklore: a test\\u{a}of (at)server.
        % y (attack): no paper
        % Settings of 'a'

        """)
    #expect(
      bibliography.text == """
        The authors. Gauntlet. A suite_x. Version 1.0.
        Blanchard, El Mhamdi. Machine learning in IID data. NeurIPS 2017. arXiv:1703.02757 \
        [krum (defense), multi-krum (defense)]
        Pillutla. Robust aggregation. IEEE Transactions on Signal Processing 2022. \
        doi:10.1109/TSP.2022_1 [rfa (defense)]
        x (attack): Folklore: a test\\u{a}of @server.
        y (attack): no paper
        Settings of 'a'

        """)
  }

  @Test func differentPapersHaveDifferentKeys() {
    let papers = ["ICML", "NeurIPS"].map { Citation(["Xie"], "Phocas", $0, 2018) }
    let text = Bibliography(
      [.init("a", citations: papers, origin: "")], software: Self.software
    ).bibtex
    #expect(text.contains("@inproceedings{xie2018phocas,"))
    #expect(text.contains("@inproceedings{xie2018phocas-2,"))
  }

  @Test func preprintsAndDataSetsAreMisc() {
    let text = Bibliography(
      [
        .init(
          "a",
          citations: [
            Citation(["A"], "One", "arXiv", 2020, arXiv: "2001.00001"),
            Citation(["B"], "Two", "UCI Machine Learning Repository", 1998),
          ], origin: "")
      ], software: Self.software
    ).bibtex
    #expect(text.contains("@misc{a2020one,\n  author = {A},\n  title = {One},\n  year = {2020},"))
    #expect(text.contains("@misc{b1998two,"))
    #expect(text.contains("howpublished = {UCI Machine Learning Repository}"))
  }
}
