import Synchronization

/// What trials go on from instead of their first rounds: made by the first trial of a group that asks,
/// and dropped when the last one has gone on.
final class ForkCache: Sendable {
  private final class Entry: Sendable {
    /// `nil`: not made yet; a fork without followers: nobody needs it any more, or it came to nothing.
    let fork = Mutex<TrialTrunk.Fork??>(nil)
    let places: [Int]

    init(places: [Int]) { self.places = places }
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
    return entry.fork.withLock { fork in
      if fork == nil { fork = .some(make(entry.places)) }
      return Self.take(place, from: &fork)
    }
  }

  /// Says that a trial is done, whether it asked or not.
  func release(_ place: Int) {
    entries[place]?.fork.withLock { fork in _ = Self.take(place, from: &fork) }
  }

  private static func take(_ place: Int, from fork: inout TrialTrunk.Fork??) -> Start? {
    guard case .some(.some(var made)) = fork,
      let follower = made.followers.removeValue(forKey: place)
    else { return nil }
    fork = .some(made.followers.isEmpty ? nil : made)
    return Start(snapshot: made.snapshot, follower: follower)
  }
}
