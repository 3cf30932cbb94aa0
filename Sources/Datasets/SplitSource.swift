import Determinism
import Tensors

/// A source whose examples were read when it was opened, and of which each run draws some to test on.
///
/// From `seed.child("split")`: the same share of every user, or else of every class, half rounding
/// up, but never all of it. Training and test examples keep their order.
struct SplitSource: DataSource {
  let all: Shard
  let users: [Int]?
  private let groups: [[Int]]
  private let share: Double
  /// Whether the values are bytes, scaled by 1/255.
  private let isBytes: Bool

  /// - Precondition: `0 < share < 1`, and one user per example, if there are any.
  init(all: Shard, users: [Int]?, share: Double, isBytes: Bool = false) {
    self.all = all
    self.users = users
    self.share = share
    self.isBytes = isBytes
    var groups = [[Int]](repeating: [], count: users.map { 1 + ($0.max() ?? 0) } ?? all.classCount)
    for (row, group) in (users ?? all.labels).enumerated() { groups[group].append(row) }
    self.groups = groups
  }

  var shape: InputShape { all.shape }
  var classCount: Int { all.classCount }
  var trainingCount: Int? { all.count - testCount }
  var testCount: Int { groups.reduce(0) { $0 + testCount(of: $1.count) } }
  var userCount: Int? { users == nil ? nil : groups.count { !$0.isEmpty } }

  func byteCount(trainingCount _: Int) -> Double {
    (isBytes ? 1 : 4) * Double(all.count) * Double(shape.count)
  }

  func load(trainingCount _: Int, seed: SeedPath) throws(DatasetError) -> SplitData {
    var random = seed.child("split").stream()
    var isTest = [Bool](repeating: false, count: all.count)
    for rows in groups {
      for draw in random.sample(testCount(of: rows.count), of: rows.count) {
        isTest[rows[draw]] = true
      }
    }
    let training = isTest.indices.filter { !isTest[$0] }
    return SplitData(
      training: all.selecting(training), test: all.selecting(isTest.indices.filter { isTest[$0] }),
      trainingUsers: users.map { users in training.map { users[$0] } })
  }

  func canonicalArrays() throws(DatasetError) -> [CanonicalArray]? {
    CanonicalArray.arrays("all", of: all, isBytes: isBytes)
      + (users.map { [CanonicalArray.users($0)] } ?? [])
  }

  private func testCount(of count: Int) -> Int {
    max(0, min(count - 1, Int((share * Double(count)).rounded(.toNearestOrAwayFromZero))))
  }
}
