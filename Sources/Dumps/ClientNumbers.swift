import Federation
import Tensors

/// Gives the ids of clients numbers, which are the same in all rounds of a run.
///
/// Where the ids of the first round are numbers of clients, as `run` writes them, each is its own number
/// from there on; a rule may know clients by their numbers. Else ids are names, `7` as much as `a`, and
/// get numbers in the order in which they come.
struct ClientNumbers {
  /// The numbers of names.
  private var numbers: [String: Int] = [:]
  /// Whether ids that are numbers are their own; known after the first round with ids.
  private var keepsNumbers: Bool?
  /// Ids that are their own numbers.
  private var own: Set<Int> = []

  /// Above the numbers of clients.
  private static let firstName = Int(Int32.max) + 1

  /// The clients of the rows of a round; without ids they are the rows.
  ///
  /// - Throws: `Replay.Problem` where there are more ids than the round says that there are clients.
  mutating func clients(of round: DumpRound) throws(Replay.Problem) -> [ClientID] {
    guard let ids = round.meta.ids else { return (0..<round.updates.rowCount).map(ClientID.init) }
    let count = round.meta.clientCount
    let limit = min(count ?? Self.firstName, Self.firstName)
    func ownNumber(_ id: String) -> Int? {
      // `01` is a name beside `1`.
      Int(id).flatMap { (0..<limit).contains($0) && "\($0)" == id ? $0 : nil }
    }
    let keepsNumbers = self.keepsNumbers ?? ids.allSatisfy { ownNumber($0) != nil }
    self.keepsNumbers = keepsNumbers
    let clients = ids.map { id in
      if keepsNumbers, numbers[id] == nil, let number = ownNumber(id) {
        own.insert(number)
        return ClientID(number)
      }
      let number = numbers[id] ?? numbers.count + (keepsNumbers ? Self.firstName : 0)
      numbers[id] = number
      return ClientID(number)
    }
    if let count, own.count + numbers.count > count {
      throw Replay.Problem(
        description:
          "\(round.path): with its ids the rounds name \(own.count + numbers.count) clients, "
          + "and client_count in \(DumpMeta.fileName) is \(count)")
    }
    return clients
  }
}
