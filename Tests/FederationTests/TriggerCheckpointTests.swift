import Federation
import Testing

@Suite struct TriggerCheckpointTests {
  private static let triggers = [
    Trigger(positions: [], values: []),
    Trigger(positions: [0, 3, 7], values: [1, -0.0, .infinity]),
    Trigger(positions: [2, 4], values: [0.5, 1]).blended(by: 0.25),
    Trigger(drawing: 3, raises: [1, 2]), Trigger(drawing: 8, raises: [1]).blended(by: 0),
    Trigger(inserting: [1, 2, 3], at: 5), Trigger(inserting: [4], at: 0),
    Trigger(inserting: [], at: 3),
  ]

  private func problem(
    of trigger: Trigger, into read: inout Trigger, featureCount: Int = 8
  ) -> String? {
    var (trigger, copy) = (trigger, read)
    defer { read = copy }
    return checkpointProblem(
      writing: { trigger.checkpoint(&$0, featureCount: 1000) },
      reading: { copy.checkpoint(&$0, featureCount: featureCount) })
  }

  @Test(arguments: triggers) func `any trigger takes the place of any other`(trigger: Trigger) {
    for other in Self.triggers {
      var read = other
      #expect(problem(of: trigger, into: &read) == nil)
      #expect(read == trigger)
      #expect(read.values.map(\.bitPattern) == trigger.values.map(\.bitPattern))
    }
  }

  @Test func `one that does not fit is a problem`() {
    let start = Trigger(positions: [1], values: [1])
    for trigger in Self.triggers where trigger.positions.last == 7 || trigger.drawnCount > 3 {
      var read = start
      #expect(problem(of: trigger, into: &read, featureCount: 7) != nil)
      #expect(read == start)
    }
  }

  /// What no trigger is made of, in the order in which a pass visits it.
  @Test(
    arguments: [
      ([0, 1], [1], 0, [], 1, false), ([1, 1], [1, 1], 0, [], 1, false),
      ([2, 1], [1, 1], 0, [], 1, false), ([-1, 1], [1, 1], 0, [], 1, false),
      ([.min, .max], [1, 1], 0, [], 1, false), ([0, 8], [1, 1], 0, [], 1, false),
      ([0], [1], 0, [1], 1, false), ([0], [1], 0, [], 1.5, false), ([0], [1], 0, [], .nan, false),
      ([0], [1], 1, [1], 1, false), ([], [], 1, [], 1, false), ([], [], 9, [1], 1, false),
      ([], [], -1, [1], 1, false), ([0, 2], [1, 1], 0, [], 1, true), ([0], [1], 0, [], 0.5, true),
      ([], [], 2, [1], 1, true),
    ] as [([Int], [Float], Int, [Float], Double, Bool)])
  func `what no trigger is made of is a problem`(
    positions: [Int], values: [Float], drawn: Int, raises: [Float], share: Double, isInserted: Bool
  ) {
    var (positions, values, drawn, raises) = (positions, values, drawn, raises)
    var (share, isInserted) = (share, isInserted)
    let start = Trigger(positions: [1], values: [1])
    var read = start
    let found = checkpointProblem(
      writing: {
        $0.visit(&positions)
        $0.visit(&values)
        $0.visit(&drawn)
        $0.visit(&raises)
        $0.visit(&share)
        $0.visit(&isInserted)
      }, reading: { read.checkpoint(&$0, featureCount: 8) })
    #expect(found != nil && read == start)
  }
}
