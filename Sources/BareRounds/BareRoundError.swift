/// Why a matrix cannot be a round.
public struct BareRoundError: Error, Sendable, Equatable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}
