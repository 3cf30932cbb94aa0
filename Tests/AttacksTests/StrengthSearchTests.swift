import Testing

@testable import Attacks

@Suite struct StrengthSearchTests {
  private func found(
    range: Double = 100, center: Double = -1, _ answer: @escaping (Double) -> (Double, Double)?
  ) -> (strength: Double?, count: Int) {
    var search = StrengthSearch { strength in
      answer(strength).map { StrengthSearch.Answer(objective: $0.0, weight: $0.1) }
    }
    let strength = search.run(range: range, center: center)
    return (strength, search.rehearsalCount)
  }

  @Test func aLineIsBestAtAnEnd() {
    #expect(found { ($0, 0) }.strength == 100)
    #expect(found { (-$0, 0) }.strength == -100)
    #expect(found(range: 1) { ($0, 0) }.strength == 1)
    #expect(found(range: 1) { (-$0, 0) }.strength == -1)
  }

  @Test(arguments: [-60, -1.3, -0.99, 0.4, 7, 85])
  func aPeakIsFound(peak: Double) throws {
    let strength = try #require(found { (1 / (1 + abs($0 - peak)), 0) }.strength)
    #expect(abs(strength - peak) <= 2e-3 * max(1, abs(peak + 1)))
  }

  @Test(arguments: [-30, -1.07, -0.95, 0.31, 3.3, 90])
  func theLastStrengthThatIsTakenIsFound(edge: Double) throws {
    // Rising with the distance from the center while it is taken, and less beyond.
    let reach = abs(edge + 1)
    let isAbove = edge > -1
    let answer = found { strength in
      let distance = abs(strength + 1)
      let isTaken = distance <= reach && (strength > -1) == isAbove
      return isTaken ? (distance, 0.2) : (0.95 * reach, 0)
    }
    let strength = try #require(answer.strength)
    #expect(abs(strength + 1) <= reach && abs(strength + 1) >= 0.999 * reach)
  }

  @Test func equalObjectivesPreferTheNearerThenThePositive() {
    #expect(found { _ in (1, 0) }.strength == 0)
    #expect(found(center: 0) { (abs($0) >= 50 ? 1 : 0, 0) }.strength == 50)
  }

  @Test func noAnswerIsWorseThanAny() {
    #expect(found { _ in nil }.strength == nil)
    #expect(found { _ in (.nan, 0) }.strength == nil)
    #expect(found { $0 == 0 ? (-5, 0) : nil }.strength == 0)
    #expect(found { $0 > 0 ? nil : (-$0, 0) }.strength == -100)
    #expect(found { (abs($0) == 100 ? .infinity : 1, 0) }.strength == 100)
  }

  @Test func thereAreAtMost78Rehearsals() {
    #expect(found { (abs($0), abs($0) < 3 ? 1 : 0) }.count <= 78)
    #expect(found { _ in (1, 0) }.count <= 78)
    #expect(found { (abs($0 + 40) < abs($0 - 7) ? 3 : abs($0), 0) }.count <= 78)
    // Without a strength that is taken nothing is bisected.
    #expect(found { (1 / (1 + abs($0)), 0) }.count <= 58)
  }
}
