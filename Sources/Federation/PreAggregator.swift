public import Kernels

/// A stage before the rule: clipping, mixing, bucketing.
public protocol PreAggregator: Sendable {
  static var manifest: ComponentManifest { get }
  init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError)

  /// Returns the rows that the next stage or the rule sees, with the clients they stand for.
  mutating func transform<Element: Scalar>(
    _ updates: consuming UpdateMatrix<Element>, in round: RoundContext
  ) throws(DefenseError) -> UpdateMatrix<Element>
}
