import Federation

/// The clients whose rows a round works with, and those whose updates come too late for it.
///
/// A client's work is counted in gradients of single examples: those of its training and, where it acts,
/// those that its attack takes in the round for all of its clients together, which all of them wait for.
/// Each row of a rehearsal counts as one gradient. Under a deadline of k an update is late where this is
/// more than k times the median over all clients that answer, the mean of the two in the middle for an even
/// number.
///
/// The median is that of the work before rows are crafted. Who is late by then sends nothing that an
/// attacker could look at; crafting comes on top, so that rehearsals make late as well.
struct Attendance: Sendable {
  /// The client of each row.
  private(set) var clients: [ClientID]
  /// Whether it acts as the attack says.
  private(set) var isActing: [Bool]
  /// The number of clients that were chosen and do not answer.
  let silentCount: Int
  /// Clients whose update was left out, in the order of their opaque ids within each removal.
  private(set) var late: [ClientID] = []
  /// The work of each client so far, under a deadline.
  private var costs: [Int] = []
  private var limit: Double?

  init(clients: [ClientID], isActing: [Bool], silentCount: Int) {
    self.clients = clients
    self.isActing = isActing
    self.silentCount = silentCount
  }

  /// The rows of acting clients, ascending.
  var acting: [Int] { isActing.indices.filter { isActing[$0] } }

  /// Notes the work before rows are crafted, and with it the deadline.
  ///
  /// - Parameters:
  ///   - costs: The gradients that each client took in training.
  ///   - shared: Those that each attack took besides.
  ///   - attacks: Whose client is whose.
  ///   - factor: How many times the median is late; `nil`: nothing is.
  mutating func note(
    _ costs: [Int], besides shared: [Int], of attacks: AttackGroups, deadline factor: Double?
  ) {
    guard let factor, !costs.isEmpty else { return }
    self.costs = costs
    add(shared, of: attacks)
    limit = factor * Self.median(self.costs)
  }

  /// Adds what each attack did for its clients.
  mutating func add(_ shared: [Int], of attacks: AttackGroups) {
    for row in costs.indices where isActing[row] {
      if let place = attacks.place(of: clients[row]) { costs[row] += shared[place] }
    }
  }

  /// Takes out the clients that are late by now; returns their rows.
  mutating func removeLate() -> Set<Int> {
    guard let limit else { return [] }
    let rows = Set(costs.indices.filter { Double(costs[$0]) > limit })
    guard !rows.isEmpty else { return [] }
    late += rows.sorted().map { clients[$0] }
    let kept = clients.indices.filter { !rows.contains($0) }
    clients = kept.map { clients[$0] }
    isActing = kept.map { isActing[$0] }
    costs = kept.map { costs[$0] }
    return rows
  }

  private static func median(_ values: [Int]) -> Double {
    let sorted = values.sorted()
    let (low, high) = (sorted[(sorted.count - 1) / 2], sorted[sorted.count / 2])
    return (Double(low) + Double(high)) / 2
  }
}
