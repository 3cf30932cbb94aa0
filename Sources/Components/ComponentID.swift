/// The stable name of a component in scenarios, results and reports.
public struct ComponentID: Hashable, Sendable, ExpressibleByStringLiteral, Comparable,
  CustomStringConvertible
{
  public let rawValue: String

  public init(_ rawValue: String) { self.rawValue = rawValue }
  public init(stringLiteral value: String) { rawValue = value }

  public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
  public var description: String { rawValue }
}
