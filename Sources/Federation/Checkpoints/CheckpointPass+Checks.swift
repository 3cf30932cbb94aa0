/// Visits that check what they read, for values that others rely on.
extension CheckpointPass {
  /// Ends a pass that reads with a problem unless something is true of what it read.
  public mutating func require(
    _ condition: @autoclosure () -> Bool, _ reason: @autoclosure () -> String
  ) {
    if isReading, problem == nil, !condition() { fail(reason()) }
  }

  /// Visits a number of things, or of a round: at least 0, and so that sums of many do not overflow.
  public mutating func visit(natural value: inout Int) {
    visit(&value, in: 0...1 << 53)
  }

  /// Visits a number with limits.
  public mutating func visit(_ value: inout Int, in range: ClosedRange<Int>) {
    var read = value
    visit(&read)
    require(range.contains(read), "\(read) is not in \(range)")
    if problem == nil { value = read }
  }

  /// Visits one of some clients.
  public mutating func visit(_ client: inout ClientID, of clients: [ClientID]) {
    var read = client
    visit(&read)
    require(clients.contains(read), "client \(read.index) is none of those it could be")
    if problem == nil { client = read }
  }

  /// Visits an array of a known length.
  public mutating func visit(_ values: inout [Float], count: Int) {
    var read = values
    visit(&read)
    require(read.count == count, "there are \(read.count) values where \(count) should be")
    if problem == nil { values = read }
  }

  /// Visits an array that is empty while nothing is known, and then has a known length.
  public mutating func visit(_ values: inout [Float], emptyOr count: Int) {
    var read = values
    visit(&read)
    require(
      read.isEmpty || read.count == count,
      "there are \(read.count) values where \(count) or none should be")
    if problem == nil { values = read }
  }
}
