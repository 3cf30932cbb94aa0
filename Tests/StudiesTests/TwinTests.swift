import Results
import Studies
import Testing

@Suite struct TwinTests {
  @Test func aTwinHasTheSameDefenseAndAsManyAxesAsItCan() {
    let study = Sample.study(
      Sample.trials("none", "mean", axes: ["a": "1"], accuracy: [0.9])
        + Sample.trials("none", "mean", axes: ["a": "2"], accuracy: [0.8])
        + Sample.trials("none", "mean", accuracy: [0.7])
        + Sample.trials("none", "krum", axes: ["a": "1"], accuracy: [0.6])
        + Sample.trials(
          "pgd", "mean", axes: ["a": "1", "attacks.pgd.radius": "3"], accuracy: [0.5])
        + Sample.trials("pgd", "mean", axes: ["a": "9"], accuracy: [0.4]))
    func twin(_ defense: String, _ axes: [String: String]) -> [String: String]? {
      study.twin(of: CellID(attack: "pgd", defense: defense, axes: axes))?.axes
    }
    #expect(twin("mean", ["a": "1", "attacks.pgd.radius": "3"]) == ["a": "1"])
    #expect(twin("mean", ["a": "2"]) == ["a": "2"])
    // A part of the axes goes with a cell that has more of them.
    #expect(twin("mean", ["a": "9"]) == [:])
    #expect(twin("mean", ["a": "2", "b": "5"]) == ["a": "2"])
    #expect(twin("krum", ["a": "2"]) == nil)
    #expect(twin("median", [:]) == nil)
  }
}
