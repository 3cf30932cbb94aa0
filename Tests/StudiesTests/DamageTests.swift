import Results
import Studies
import Testing

@Suite struct DamageTests {
  @Test func theLargerOfBothMeansCounts() {
    func damage(_ metrics: [[String: Double?]]) -> Double? {
      let study = Sample.study(
        metrics.enumerated().map { index, values in
          Sample.trial("flip", "mean", seed: index + 1, metrics: values)
        })
      return study.damage(of: CellID(attack: "flip", defense: "mean"))
    }
    #expect(
      damage([
        ["accuracy.drop": 0.5, "asr.excess": 0.25], ["accuracy.drop": 0, "asr.excess": 0.75],
      ]) == 0.5)
    #expect(damage([["accuracy.drop": -0.25, "asr.excess": -0.5]]) == -0.25)
    #expect(damage([["accuracy.drop": 0.25, "asr.excess": nil]]) == 0.25)
    #expect(damage([["accuracy.drop": nil]]) == nil)
    #expect(damage([]) == nil)
    // A dead model: its excess is void.
    #expect(
      damage([
        [
          "accuracy.drop": 0.75, "asr.excess": 0.9, "accuracy.stop": 0.1, "accuracy.chance": 0.1,
        ]
      ]) == 0.75)
  }
}
