import Federation

extension CheckpointPass {
  /// Ends a pass that has read vectors of another number of values than there should be.
  ///
  /// - Parameters:
  ///   - count: The number that was read; `nil`: there are none.
  ///   - expected: The number that the model asks for; 0 on a bare matrix, where it may be any.
  mutating func requireColumns(_ count: Int?, of expected: Int) {
    require(
      expected == 0 || count == nil || count == expected,
      "it has vectors of \(count ?? 0) values where \(expected) should be")
  }

  /// Ends a pass that has read a client that takes part in no round.
  mutating func requireClients(_ clients: some Sequence<ClientID>, below count: Int) {
    require(
      clients.allSatisfy { (0..<count).contains($0.index) },
      "it has a client that is not among the \(count) clients")
  }
}
