import Federation
import Kernels
import Tensors

/// What the rounds of one run have to have in common, and what is known of them together.
struct ReplaySeries {
  private(set) var numbers: [Int] = []
  private(set) var rowCount = 0
  /// The largest number of malicious rows of a round; `nil` where no round says.
  private(set) var maliciousCount: Int?
  private let path: String
  private let columnCount: Int
  private let trial: String?
  private var clientNumbers = ClientNumbers()
  private var firstClients: Set<ClientID>?
  private let firstHasIDs: Bool
  private var clients: [ClientID] = []
  private var maskless: [Int] = []
  private var outside: [Int] = []

  init(_ first: DumpRound, path: String) {
    self.path = path
    columnCount = first.updates.columnCount
    trial = first.meta.trial
    firstHasIDs = first.meta.ids != nil
  }

  /// Whether a round says who is malicious.
  var hasMask: Bool { maliciousCount != nil }

  /// Takes the next round; returns its number and the clients of its rows.
  ///
  /// - Throws: `Replay.Problem` where it does not belong to those before.
  mutating func take(_ round: DumpRound) throws(Replay.Problem) -> (
    number: Int, clients: [ClientID]
  ) {
    guard round.updates.columnCount == columnCount else {
      throw Replay.Problem(
        description:
          "\(round.path): rows of \(round.updates.columnCount) values; those of the rounds "
          + "before it have \(columnCount)")
    }
    guard round.meta.trial == trial else {
      throw Replay.Problem(
        description:
          "\(round.path): is of another trial than the rounds beside it; keep each trial in "
          + "a folder of its own")
    }
    let number = round.number ?? numbers.last.map { $0 + 1 } ?? 0
    if let last = numbers.last, number <= last {
      throw Replay.Problem(
        description:
          "\(round.path): is round \(number), and comes after round \(last): names have to "
          + "be in the order of the rounds, and each round there once")
    }
    numbers.append(number)
    clients = try clientNumbers.clients(of: round)
    if firstClients == nil { firstClients = Set(clients) }
    rowCount = max(rowCount, clients.count)
    if let malicious = round.meta.malicious {
      maliciousCount = max(maliciousCount ?? 0, malicious.count)
      if !round.meta.isInWindow { outside.append(number) }
    } else {
      maskless.append(number)
    }
    return (number, clients)
  }

  /// What a defense needs and the round that was taken last does not have; `nil`: nothing.
  func lack(of needs: DefenseNeeds, in round: DumpRound) -> String? {
    if needs.contains(.rootData), round.rootUpdate == nil {
      return "needs what the server's own data gives (root.npy), which "
        + (numbers.last.map { "round \($0)" } ?? "the dump") + " does not have"
    }
    if needs.contains(.fullParticipation) {
      let all = round.meta.clientCount ?? clients.count
      if all > clients.count || Set(clients) != firstClients {
        return "needs every client in every round, and they change"
      }
    }
    if needs.contains(.stableClients), (round.meta.ids != nil) != firstHasIDs {
      return
        "follows clients over rounds, and some rounds have ids in \(DumpMeta.fileName), others not"
    }
    if needs.contains(.stableClients), round.meta.ids == nil, clients.count != firstClients?.count {
      return
        "follows clients over rounds, and without ids in \(DumpMeta.fileName) the rows say who is "
        + "who only while their number stays"
    }
    return nil
  }

  var notes: [String] {
    var notes: [String] = []
    if hasMask, !maskless.isEmpty {
      notes.append("no score counts \(Self.text(maskless)): nobody says who is malicious there")
    }
    if !outside.isEmpty {
      notes.append("no score counts \(Self.text(outside)): outside the attack window")
    }
    return notes
  }

  /// `round 3`, or `rounds 0, 1, 2 and 7 more`.
  private static func text(_ rounds: [Int]) -> String {
    let shown = rounds.prefix(5).map(String.init).joined(separator: ", ")
    return (rounds.count == 1 ? "round " : "rounds ") + shown
      + (rounds.count > 5 ? " and \(rounds.count - 5) more" : "")
  }
}
