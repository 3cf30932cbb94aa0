import Results
import Studies
import Testing

@Suite struct RoundCostTests {
  private func cell(_ attack: String, _ defense: String, _ seconds: [Double]) -> [TrialRecordV1] {
    seconds.enumerated().map { index, value in
      Sample.trial(attack, defense, seed: index + 1, metrics: ["cost.seconds": value])
    }
  }

  @Test func theLargestOverAttacksIsNamed() {
    let study = Sample.study(
      cell("none", "mean", [9, 9, 9]) + cell("a", "mean", [1, 2, 30])
        + cell("b", "mean", [5, 4, 3])
        + cell("c", "mean", [1, 1, 1]) + cell("none", "krum", [3, 1]) + cell("none", "empty", []))
    #expect(
      study.costs("cost.seconds") == [
        // The medians of the seeds are 2, 4 and 1; without an attack it takes 9, which is none of them.
        RoundCost(
          defense: "mean", metric: "cost.seconds",
          largest: .init(CellID(attack: "b", defense: "mean"), 4), median: 2, clean: 9),
        // Where nobody attacks, the reference is all there is.
        RoundCost(
          defense: "krum", metric: "cost.seconds",
          largest: .init(CellID(attack: "none", defense: "krum"), 2), median: 2, clean: 2),
      ])
    #expect(study.costs("cost.bytes").isEmpty)
  }

  @Test func equalOnesGoToTheFirst() {
    let study = Sample.study(cell("a", "mean", [2]) + cell("b", "mean", [2]))
    #expect(study.costs("cost.seconds").first?.largest.cell.attack == "a")
    #expect(study.costs("cost.seconds").first?.clean == nil)
  }
}
