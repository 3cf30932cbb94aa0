import Federation
import Kernels
import Tensors

/// Values that attackers plant where nothing else moves, to see in the next global model what became of
/// their updates.
struct AcceptanceIndicators: Sendable {
  /// What became of an update.
  enum Reply: Int, Sendable, Equatable, CaseIterable {
    case accepted
    case clipped
    case rejected
  }

  /// One attacker's.
  struct Planted: Sendable, Equatable {
    var client: ClientID
    /// Its group among those with a backdoor; `nil`: a decoy.
    var group: Int?
    var coordinate: Int

    /// Where one that is read begins.
    static let none = Planted(client: ClientID(0), group: nil, coordinate: 0)

    mutating func checkpoint(
      _ pass: inout CheckpointPass, clients: [ClientID], parameterCount: Int
    ) {
      pass.visit(&client, of: clients)
      pass.visit(&group, from: 0) { $0.visit(natural: &$1) }
      pass.visit(&coordinate)
      pass.require(
        (0..<parameterCount).contains(coordinate), "there is no coordinate \(coordinate)")
    }
  }

  /// What all of them say.
  struct Reading: Sendable, Equatable {
    var replies: [(planted: Planted, reply: Reply)] = []
    /// Whether values are such as only noise explains; then there are no replies.
    var isNoisy = false

    func count(_ reply: Reply) -> Int { replies.count { $0.reply == reply } }

    mutating func checkpoint(
      _ pass: inout CheckpointPass, clients: [ClientID], parameterCount: Int
    ) {
      pass.visit(&replies, from: (Planted.none, .accepted)) { pass, entry in
        entry.planted.checkpoint(&pass, clients: clients, parameterCount: parameterCount)
        var number = entry.reply.rawValue
        pass.visit(&number, in: 0...Reply.allCases.count - 1)
        entry.reply = Reply(rawValue: number) ?? .accepted
      }
      pass.visit(&isNoisy)
    }

    static func == (a: Self, b: Self) -> Bool {
      a.isNoisy == b.isNoisy && a.replies.map(\.planted) == b.replies.map(\.planted)
        && a.replies.map(\.reply) == b.replies.map(\.reply)
    }
  }

  /// What a coordinate is set to.
  let value: Double
  /// Below this share of the value it did not arrive.
  static let threshold = 1e-4
  /// Up to this share of the largest one it arrived shortened.
  static let shortenedShare = 0.8

  /// Where they go: the first weights of the model.
  static func room(in layout: ParameterLayout) -> Range<Int> {
    let segments = layout.segments
    return
      (segments.first { $0.role == .weight } ?? segments.first { $0.role == .outputWeight })?.range
      ?? 0..<0
  }

  /// Returns the coordinates, ascending, that two updates together move least; of equal ones the lower.
  static func quietest(
    _ count: Int, in room: Range<Int>, backdoor: [Double], benign: [Float]
  ) -> [Int] {
    let moves = room.map { index in
      Float(abs(backdoor[index]) + (benign.isEmpty ? 0 : abs(Double(benign[index]))))
    }
    let isQuiet = CoordinateMask.smallest(min(count, moves.count), of: moves)
    return isQuiet.indices.filter { isQuiet[$0] }.map { room.lowerBound + $0 }
  }

  /// Reads what the global model did.
  ///
  /// A share of the value above 1 or clearly below 0 says that noise was added. Otherwise one below
  /// ``threshold`` was rejected, one of up to ``shortenedShare`` of the largest clipped, another accepted.
  ///
  /// - Parameters:
  ///   - planted: The indicators of the round.
  ///   - step: The change of the global model at a coordinate, over the server's rate.
  /// - Returns: What became of each update.
  func read(_ planted: [Planted], step: (Int) -> Double) -> Reading {
    let shares = planted.map { step($0.coordinate) / value }
    guard !shares.contains(where: { !($0 <= 1 && $0 >= -Self.threshold) }) else {
      return Reading(isNoisy: true)
    }
    let largest = shares.max() ?? 0
    return Reading(
      replies: zip(planted, shares).map { planted, share in
        let reply: Reply =
          share <= Self.threshold
          ? .rejected : share <= Self.shortenedShare * largest ? .clipped : .accepted
        return (planted, reply)
      })
  }
}
