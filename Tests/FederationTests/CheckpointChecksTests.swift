import Federation
import Testing

/// Returns what is wrong when `body` reads what `write` wrote.
func checkpointProblem(
  writing write: (inout CheckpointPass) -> Void, reading body: (inout CheckpointPass) -> Void
) -> String? {
  var written: [UInt8] = []
  var pass = CheckpointPass { bytes in
    written += bytes
    return nil
  }
  write(&pass)
  pass.finish()
  #expect(pass.problem == nil)
  var reading = CheckpointPass(reading: written)
  body(&reading)
  reading.finish()
  return reading.problem
}

@Test func whatIsReadIsCheckedAndWhatIsWrittenIsNot() {
  var numbers = [-1, 3, 4, 1 << 53, 1 << 53 + 1]
  let isNatural = [false, true, true, true, false]
  let isInRange = [false, true, false, false, false]
  for place in numbers.indices {
    var read = 2
    let found = checkpointProblem(
      writing: { $0.visit(&numbers[place]) }, reading: { $0.visit(natural: &read) })
    #expect((found == nil) == isNatural[place])
    #expect(read == (isNatural[place] ? numbers[place] : 2))
    read = 2
    let other = checkpointProblem(
      writing: { $0.visit(&numbers[place], in: 7...9) }, reading: { $0.visit(&read, in: 0...3) })
    #expect((other == nil) == isInRange[place] && read == (isInRange[place] ? 3 : 2))
  }
  var client = ClientID(4)
  #expect(
    checkpointProblem(
      writing: { $0.visit(&client, of: []) }, reading: { $0.visit(&client, of: [ClientID(3)]) })
      == "client 4 is none of those it could be")
  #expect(client == ClientID(4))
}

@Test func lengthsAreThoseThatAreKnown() {
  for (count, isRight, isRightOrEmpty) in [(0, false, true), (2, false, false), (3, true, true)] {
    var values = [Float](repeating: 5, count: count)
    var read: [Float] = [1, 2, 3]
    let found = checkpointProblem(
      writing: { $0.visit(&values) }, reading: { $0.visit(&read, count: 3) })
    #expect((found == nil) == isRight && read == (isRight ? values : [1, 2, 3]))
    read = [1, 2, 3]
    let other = checkpointProblem(
      writing: { $0.visit(&values, emptyOr: 9) }, reading: { $0.visit(&read, emptyOr: 3) })
    #expect((other == nil) == isRightOrEmpty && read == (isRightOrEmpty ? values : [1, 2, 3]))
  }
}
