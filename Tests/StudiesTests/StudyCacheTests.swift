import Gating
import Results
import Testing

@testable import Studies

/// What a study keeps is what it would work out anew.
@Suite struct StudyCacheTests {
  private let records =
    Sample.trials("none", "mean", accuracy: [0.9, 0.8])
    + Sample.trials("flip", "mean", accuracy: [0.5, 0.7], success: [0.1, 0.3])
    + Sample.trials("flip", "krum", accuracy: [0.1, 0.1], success: [1, 1]).map {
      var record = $0
      record.metrics["accuracy.chance"] = 0.1
      return record
    }

  @Test func summariesAreThoseOfTheTrials() {
    let study = Sample.study(records)
    for metric in ["accuracy.stop", "asr.stop", "accuracy.stop", "nothing"] {
      for cell in study.grid.cells {
        let isVoid = study.reliability.voidReason(metric, of: cell) != nil
        let anew = CellSummary(study.grid[cell], metric: metric, isVoid: isVoid)
        #expect(study.summary(cell, metric) == anew)
      }
    }
    #expect(study.summary(CellID(attack: "flip", defense: "krum"), "asr.stop").outcome == .void)
    let unknown = CellID(attack: "no", defense: "such")
    #expect(study.summary(unknown, "asr.stop").outcome == .notRun)
  }

  @Test func flagsAreThoseOfTheirCells() {
    let study = Sample.study(records)
    for cell in study.grid.cells {
      #expect(study.flags(of: cell) == study.reliability.flags(of: cell))
      #expect(!study.flags(of: cell).isEmpty || study.grid[cell].isEmpty)
    }
    #expect(study.flags(of: CellID(attack: "no", defense: "such")).isEmpty)
  }

  /// The twin of a cell may be one that is not shown.
  @Test func cellsThatAreNotShownAreKnown() {
    let whole = Sample.study(records)
    let study = Study(whole.manifest, whole.results) { $0["attack"] == "flip" }
    let twin = CellID(attack: "none", defense: "mean")
    #expect(!study.grid.cells.contains(twin))
    #expect(study.summary(twin, "accuracy.stop").values.map(\.value) == [0.9, 0.8])
  }
}
