import Synchronization

/// What trials go on from instead of their first rounds: made by the first trial of a group that asks,
/// and dropped when the last one has gone on.
final class ForkCache: Sendable {
  private final class Entry: Sendable {
    let state: Mutex<State>

    init(places: [Int]) { state = Mutex(State(waiting: places)) }
  }

  private struct State {
    /// The trials that have not gone on, and are not done.
    var waiting: [Int]
    /// `nil`: not made yet; a fork without followers: nobody needs it any more, or it came to nothing.
    var fork: TrialTrunk.Fork??
  }

  private let entries: [Int: Entry]

  /// Creates a cache for groups of trials, by their places in the plan.
  init(groups: [[Int]]) {
    var entries: [Int: Entry] = [:]
    for group in groups {
      let entry = Entry(places: group)
      for place in group { entries[place] = entry }
    }
    self.entries = entries
  }

  /// Where one trial goes on.
  struct Start: Sendable {
    let snapshot: LoopSnapshot
    let follower: TrialFollower
  }

  /// Returns where a trial goes on, which it can ask once; a trial that asks while another one of its
  /// group plays the rounds for both waits for them.
  ///
  /// - Parameters:
  ///   - place: The trial.
  ///   - make: Plays the rounds for the trials at these places.
  /// - Returns: `nil` where it has to start from its first round.
  func start(of place: Int, make: ([Int]) -> TrialTrunk.Fork?) -> Start? {
    guard let entry = entries[place] else { return nil }
    return entry.state.withLock { state in
      if state.fork == nil { state.fork = .some(make(state.waiting)) }
      return Self.take(place, from: &state)
    }
  }

  /// Says that a trial is done, whether it asked or not.
  func release(_ place: Int) {
    entries[place]?.state.withLock { state in _ = Self.take(place, from: &state) }
  }

  private static func take(_ place: Int, from state: inout State) -> Start? {
    state.waiting.removeAll { $0 == place }
    guard case .some(.some(var made)) = state.fork,
      let follower = made.followers.removeValue(forKey: place)
    else { return nil }
    state.fork = .some(made.followers.isEmpty ? nil : made)
    return Start(snapshot: made.snapshot, follower: follower)
  }
}
