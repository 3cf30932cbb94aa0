import Dumps
import Testing

@Suite struct RoundSelectionTests {
  private func rounds(_ text: String, of count: Int) throws -> [Int] {
    let selection = try RoundSelection(text)
    return (0..<count).filter { selection.contains($0, of: count) }
  }

  @Test func numbersRangesAndWordsAreRead() throws {
    #expect(try rounds("0,3,last", of: 6) == [0, 3, 5])
    #expect(try rounds("1..3", of: 6) == [1, 2, 3])
    #expect(try rounds("all", of: 3) == [0, 1, 2])
    #expect(try rounds("last", of: 1) == [0])
    #expect(try rounds("4", of: 3).isEmpty)
  }

  @Test(arguments: ["", "a", "0,", "3..1", "-1", "1..2..3", "0..", "last..3", "0 1"])
  func otherTextsAreRefused(text: String) {
    #expect(throws: RoundSelection.SyntaxError.self) { try RoundSelection(text) }
  }

  @Test func roundsThatNoTrialHasAreFound() throws {
    #expect(try RoundSelection("0,7,9").absent(from: 7) == 7)
    #expect(try RoundSelection("0,6,last").absent(from: 7) == nil)
    // A range may end behind the last round of a shorter trial.
    #expect(try RoundSelection("0..99").absent(from: 7) == nil)
  }
}
