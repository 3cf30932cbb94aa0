import Determinism
import Federation

/// Who takes part in a round.
///
/// A function of (seed, round) and the threat settings alone, so that a trial and its clean twin
/// have the same participants.
struct ClientSampling: Sendable {
  let clientCount: Int
  let participantCount: Int
  let threat: ThreatSettings
  private let dropout: Double
  /// The clients that an attack controls, ascending.
  let controlled: [ClientID]
  private let seed: SeedPath

  init(clients: ClientSettings, threat: ThreatSettings, seed: SeedPath) {
    clientCount = clients.count
    participantCount = clients.participantCount
    self.threat = threat
    dropout = clients.dropout
    self.seed = seed
    let count = threat.maliciousCount
    switch threat.placement {
    case .first:
      controlled = (0..<count).map { ClientID($0) }
    case .last:
      controlled = (clients.count - count..<clients.count).map { ClientID($0) }
    case .random:
      var random = seed.child("placement").stream()
      controlled = random.sample(count, of: clients.count).sorted().map { ClientID($0) }
    }
  }

  /// Returns the clients that are chosen for a round, in a fresh random order.
  ///
  /// With ``ThreatSettings/Outside/absent`` there may be fewer participants outside the window,
  /// and none if no honest client is drawn.
  func chosen(round: Int) -> [ClientID] {
    var random = seed.child("sample").child(round).stream()
    let isInWindow = threat.window.contains(round)
    var drawn: [ClientID]
    if isInWindow && threat.participation == .always {
      let honest = honestClients
      let places = max(0, participantCount - controlled.count)
      let picks = random.sample(min(places, honest.count), of: honest.count)
      drawn = controlled + picks.map { honest[$0] }
    } else {
      drawn = random.sample(participantCount, of: clientCount).map { ClientID($0) }
      if !isInWindow && threat.outside == .absent {
        let absent = Set(controlled)
        drawn.removeAll { absent.contains($0) }
      }
    }
    random.shuffle(&drawn)
    return drawn
  }

  /// Whether a client answers in a round for which it is chosen.
  ///
  /// Drawn for each client and round by itself: who else is chosen, or who attacks, changes nothing.
  func answers(_ client: ClientID, round: Int) -> Bool {
    guard dropout > 0 else { return true }
    var random = seed.child("dropout").child(client.index).child(round).stream()
    return random.unit() >= dropout
  }

  /// Returns those of the chosen clients that answer.
  func participants(round: Int) -> [ClientID] {
    chosen(round: round).filter { answers($0, round: round) }
  }

  private var honestClients: [ClientID] {
    let malicious = Set(controlled)
    return (0..<clientCount).map { ClientID($0) }.filter { !malicious.contains($0) }
  }
}
