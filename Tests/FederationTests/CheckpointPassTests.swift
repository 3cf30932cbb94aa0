import Federation
import Tensors
import Testing

/// Bytes that a pass wrote.
private final class Written {
  var bytes: [UInt8] = []
}

/// Values of every kind.
private struct Everything: Equatable {
  var flag = false
  var number = 0
  var word: UInt64 = 0
  var single: Float = 0
  var double = 0.0
  var text = ""
  var client = ClientID(0)
  var flags: [Bool] = []
  var numbers: [Int] = []
  var singles: [Float] = []
  var doubles: [Double] = []
  var missing: Double? = 7
  var present: [Float]?
  var lists: [[Int]] = []
  var clients: [ClientID: [Float]] = [:]
  var figures: [String: Double] = [:]
  var set: Set<ClientID> = []

  mutating func checkpoint(_ pass: inout CheckpointPass) {
    pass.mark("everything")
    pass.visit(&flag)
    pass.visit(&number)
    pass.visit(&word)
    pass.visit(&single)
    pass.visit(&double)
    pass.visit(&text)
    pass.visit(&client)
    pass.visit(&flags)
    pass.visit(&numbers)
    pass.visit(&singles)
    pass.visit(&doubles)
    pass.visit(&missing, from: 0) { $0.visit(&$1) }
    pass.visit(&present, from: []) { $0.visit(&$1) }
    pass.visit(&lists, from: []) { $0.visit(&$1) }
    pass.visit(&clients, from: []) { $0.visit(&$1) }
    pass.visit(&figures)
    pass.visit(&set)
  }

  static let example = Everything(
    flag: true, number: -5, word: .max, single: -0.0, double: .leastNonzeroMagnitude,
    text: "naïve \u{0} text", client: ClientID(9), flags: [true, false], numbers: [.min, .max],
    singles: [1, -.infinity], doubles: [.pi], missing: nil, present: [2], lists: [[], [1, 2]],
    clients: [ClientID(3): [1], ClientID(1): []], figures: ["b": 1, "a": 2],
    set: [ClientID(4), ClientID(0)])

  /// What is written of it.
  func written() -> [UInt8] {
    let written = Written()
    var pass = CheckpointPass { bytes in
      written.bytes += bytes
      return nil
    }
    var copy = self
    copy.checkpoint(&pass)
    pass.finish()
    #expect(pass.problem == nil && copy == self)
    return written.bytes
  }
}

@Test func whatIsWrittenIsReadBack() {
  var pass = CheckpointPass(reading: Everything.example.written())
  var read = Everything()
  read.checkpoint(&pass)
  pass.finish()
  #expect(pass.problem == nil && pass.isReading)
  #expect(read == .example)
  #expect(read.single.sign == .minus)
  #expect(read.written() == Everything.example.written())
}

@Test func bytesThatEndAnywhereAreAProblem() {
  let bytes = Everything.example.written()
  for count in 0..<bytes.count {
    var pass = CheckpointPass(reading: Array(bytes.prefix(count)))
    var read = Everything()
    read.checkpoint(&pass)
    pass.finish()
    #expect(pass.problem != nil, "\(count) bytes")
  }
}

@Test func bytesOfAnyKindNeverTrap() {
  let bytes = Everything.example.written()
  for place in bytes.indices {
    for value: UInt8 in [0, 1, 7, 127, 255] {
      var changed = bytes
      changed[place] = value
      var pass = CheckpointPass(reading: changed)
      var read = Everything()
      read.checkpoint(&pass)
      pass.finish()
    }
  }
}

@Test func whatIsLeftOverIsAProblem() {
  var pass = CheckpointPass(reading: Everything.example.written() + [0])
  var read = Everything()
  read.checkpoint(&pass)
  #expect(pass.problem == nil)
  pass.finish()
  #expect(pass.problem == "1 bytes are left over")
}

@Test func anotherNameIsAProblemAndEndsThePass() {
  let written = Written()
  var writing = CheckpointPass { bytes in
    written.bytes += bytes
    return nil
  }
  writing.mark("krum")
  var number = 3
  writing.visit(&number)
  writing.finish()
  var reading = CheckpointPass(reading: written.bytes)
  reading.mark("mean")
  number = 8
  reading.visit(&number)
  #expect(reading.problem == "it has 'krum' where 'mean' should be")
  #expect(number == 8)
}

@Test func aSinkThatFailsEndsThePass() {
  var calls = 0
  var pass = CheckpointPass { _ in
    calls += 1
    return "the disk is full"
  }
  var values = [Float](repeating: 1, count: 1_000_000)
  pass.visit(&values)
  pass.finish()
  #expect(calls == 1 && pass.problem == "the disk is full")
}

@Test func theOrderOfADictionaryIsThatOfItsKeys() {
  let one = Everything(clients: [ClientID(1): [1], ClientID(2): [2], ClientID(30): []])
  var other = Everything(clients: [ClientID(30): []])
  other.clients[ClientID(2)] = [2]
  other.clients[ClientID(1)] = [1]
  #expect(one.written() == other.written())
}

@Test func whatIsRequiredOfWhatIsRead() {
  var writing = CheckpointPass { _ in nil }
  writing.require(false, "a pass that writes looks at nothing")
  #expect(writing.problem == nil)
  var reading = CheckpointPass(reading: [])
  reading.require(true, "nothing is wrong")
  #expect(reading.problem == nil)
  reading.require(false, "the first")
  reading.require(false, "the second")
  #expect(reading.problem == "the first")
}

private func matrixRead(_ rowCount: Int, _ columnCount: Int, _ values: [Float]) -> (
  Matrix<Float>, String?
) {
  let written = Written()
  var writing = CheckpointPass { bytes in
    written.bytes += bytes
    return nil
  }
  var (rowCount, columnCount, values) = (rowCount, columnCount, values)
  writing.visit(&rowCount)
  writing.visit(&columnCount)
  writing.visit(&values)
  writing.finish()
  var reading = CheckpointPass(reading: written.bytes)
  var matrix = Matrix<Float>(rows: [[7]])
  reading.visit(&matrix)
  reading.finish()
  return (matrix, reading.problem)
}

@Test func aMatrixIsReadBack() {
  for known in [
    Matrix<Float>(rows: [[1, 2, 3], [4, -0.0, .nan]]), Matrix(rowCount: 0, columnCount: 5),
    Matrix(rowCount: 3, columnCount: 0),
  ] {
    var known = known
    let written = Written()
    var writing = CheckpointPass { bytes in
      written.bytes += bytes
      return nil
    }
    writing.visit(&known)
    writing.finish()
    var reading = CheckpointPass(reading: written.bytes)
    var read = Matrix<Float>(rows: [[7]])
    reading.visit(&read)
    reading.finish()
    #expect(reading.problem == nil)
    #expect(read.rowCount == known.rowCount && read.columnCount == known.columnCount)
    #expect(read.values.map(\.bitPattern) == known.values.map(\.bitPattern))
  }
}

@Test func aMatrixOfAnotherSizeIsAProblem() {
  for (rowCount, columnCount) in [
    (2, 2), (-1, -3), (3, 0), (Int.max, 3), (Int.max, Int.max), (Int.min, -1), (-3, 1),
  ] {
    let (matrix, problem) = matrixRead(rowCount, columnCount, [1, 2, 3])
    #expect(problem == "a \(rowCount)x\(columnCount) matrix cannot hold 3 values")
    #expect(matrix == Matrix(rows: [[7]]))
  }
  #expect(matrixRead(1, 3, [1, 2, 3]).0 == Matrix(rows: [[1, 2, 3]]))
}
