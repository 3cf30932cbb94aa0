import Federation

/// The attacks of one trial, each with controlled clients of its own.
///
/// Clients that another attack controls are neither its own nor honest to it: it sees none of their
/// data, and its view of the honest updates has none of theirs.
struct AttackGroups: Sendable {
  struct Group: Sendable {
    /// Names its figures; `nil` where it is the only attack.
    let name: String?
    /// Ascending.
    let clients: [ClientID]
    var attack: AttackPipeline

    /// What it aims at; a backdoor whose trigger changes is told apart from those of other groups, which
    /// may start with the same one.
    var goal: AttackGoal {
      guard let name, attack.roundTrigger != nil, case .backdoor(let backdoor) = attack.goal
      else { return attack.goal }
      return .backdoor(backdoor.owned(by: name))
    }

    /// Returns the name of one of its figures.
    func title(_ figure: String) -> String { name.map { "\($0).\(figure)" } ?? figure }
  }

  private(set) var groups: [Group]
  private let places: [ClientID: Int]

  /// - Precondition: No client is in two groups.
  init(_ groups: [Group]) {
    self.groups = groups
    places = Dictionary(
      uniqueKeysWithValues: groups.enumerated().flatMap { place, group in
        group.clients.map { ($0, place) }
      })
  }

  /// One attack of all clients that are controlled.
  init(_ attack: AttackPipeline, of clients: [ClientID]) {
    self.init([Group(name: nil, clients: clients, attack: attack)])
  }

  /// The place of the group that a client is in.
  func place(of client: ClientID) -> Int? { places[client] }

  /// The attack of a client; `nil` for an honest one.
  func attack(of client: ClientID) -> AttackPipeline? { places[client].map { groups[$0].attack } }

  /// What the attacks need together.
  var threatModel: ThreatModel {
    groups.dropFirst().reduce(groups[0].attack.threatModel) { $0.union($1.attack.threatModel) }
  }

  /// The gradients of single examples that the attacks have taken besides training their clients.
  var gradientCount: Int { groups.reduce(0) { $0 + $1.attack.gradientCount } }

  /// The same of each.
  var gradientCounts: [Int] { groups.map(\.attack.gradientCount) }

  /// Whether a copy is a snapshot of all of them.
  var isCopyable: Bool { groups.allSatisfy(\.attack.isCopyable) }

  /// Why one of them could not do its part.
  var failure: AttackFailure? { groups.lazy.compactMap(\.attack.failure).first }

  // MARK: - Goals

  /// The first group with the most that is aimed at: a backdoor, else a class, else a worse model.
  private var leader: Group {
    func rank(_ goal: AttackGoal) -> Int {
      switch goal {
      case .backdoor: 0
      case .misclassify: 1
      case .degrade: 2
      case .none: 3
      }
    }
    let places = groups.indices.sorted {
      let (a, b) = (rank(groups[$0].goal), rank(groups[$1].goal))
      return a != b ? a < b : $0 < $1
    }
    return groups[places[0]]
  }

  /// The goal that metrics measure.
  var goal: AttackGoal { leader.goal }

  /// The trigger of the round of the group whose goal is measured.
  var roundTrigger: Trigger? { leader.attack.roundTrigger }

  /// Whether the trigger of some group changes over the rounds.
  var hasRoundTriggers: Bool { groups.contains { $0.attack.roundTrigger != nil } }

  /// Backdoors with the triggers that they have in this round.
  var roundTriggers: [(backdoor: Backdoor, trigger: Trigger)] {
    groups.compactMap { group in
      guard case .backdoor(let backdoor) = group.goal,
        let trigger = group.attack.roundTrigger
      else { return nil }
      return (backdoor, trigger)
    }
  }

  /// Backdoors whose success is measured besides the goal's, with the name of that figure.
  var evaluated: [(figure: String, backdoor: Backdoor)] {
    groups.flatMap { group in
      var own: [(figure: String, backdoor: Backdoor)] = []
      if group.name != nil, case .backdoor(let backdoor) = group.goal {
        own.append((group.title("asr"), backdoor))
      }
      return own
        + group.attack.evaluated.enumerated().map { index, part in
          (group.title("asr.part.\(index)"), part)
        }
    }
  }

  // MARK: - Rounds

  /// Shows every attack the global model of a round.
  mutating func observe(round: Int, global: [Float], acting: [ClientID]) {
    let active = Set(acting.compactMap { places[$0] })
    for place in groups.indices {
      groups[place].attack.observe(
        Broadcast(round: round, global: global, isActing: active.contains(place)))
    }
  }

  /// Passes over what the attacks remember.
  mutating func checkpoint(_ pass: inout CheckpointPass) {
    for place in groups.indices { groups[place].attack.checkpoint(&pass) }
  }

  /// Lets the attack of a group work on its rows.
  mutating func withAttack<R>(_ place: Int, _ body: (inout AttackPipeline) -> R) -> R {
    body(&groups[place].attack)
  }
}
