public import Determinism

/// A rule that deals training examples to clients.
public protocol Partition: Sendable {
  /// How many examples each client asks for, or `nil` where the rule deals out what there is.
  ///
  /// Only rules that draw sizes themselves (quantity skew with a range) return something; a
  /// source that can draw any number then draws their sum.
  func sizes(clientCount: Int, random: inout RandomStream) -> [Int]?

  /// The most examples, or pieces of them, that a single client needs.
  var examplesPerClient: Int { get }

  /// Whether ``sizes(clientCount:random:)`` returns sizes, so that a source need not say how many
  /// examples there are.
  var drawsSizes: Bool { get }

  /// Whether it deals by the users that examples belong to, so that data without users will not do.
  var needsUsers: Bool { get }

  /// Returns for each client the indices of its examples as
  /// ``assign(labels:classCount:clientCount:random:)`` does, given the user of each.
  ///
  /// - Precondition: In addition, `users` has one entry per label, and at least `clientCount`
  ///   different ones, where users are needed.
  func assign(
    labels: [Int], users: [Int]?, classCount: Int, clientCount: Int, random: inout RandomStream
  ) -> [[Int]]

  /// Returns for each client the indices of its examples: disjoint, ascending, never empty.
  ///
  /// - Precondition: `labels.count >= clientCount > 0`, every label in `0 ..< classCount`, and
  ///   `labels.count` at least the sum of ``sizes(clientCount:random:)`` where those exist.
  func assign(labels: [Int], classCount: Int, clientCount: Int, random: inout RandomStream)
    -> [[Int]]
}

extension Partition {
  public var examplesPerClient: Int { 1 }
  public var drawsSizes: Bool { false }
  public var needsUsers: Bool { false }
  public func sizes(clientCount _: Int, random _: inout RandomStream) -> [Int]? { nil }

  /// Takes no notice of users.
  public func assign(
    labels: [Int], users _: [Int]?, classCount: Int, clientCount: Int,
    random: inout RandomStream
  ) -> [[Int]] {
    assign(labels: labels, classCount: classCount, clientCount: clientCount, random: &random)
  }
}
