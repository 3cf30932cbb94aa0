/// Gives each of several ids a number if it was there before.
///
/// Letters count as one whether small or large, since files are named after ids.
struct UniqueIDs {
  private var taken: Set<String> = []
  /// Where to go on for an id that came before.
  private var next: [String: Int] = [:]

  /// The id, or the id with the first number that makes it unique.
  mutating func id(_ base: String) -> String {
    var id = base
    let key = base.lowercased()
    var number = next[key, default: 2]
    while !taken.insert(id.lowercased()).inserted {
      id = "\(base)-\(number)"
      number += 1
    }
    next[key] = number
    return id
  }
}
