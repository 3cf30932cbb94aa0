/// Which clients a row stands for, and in what proportion.
///
/// A client's own submission has one share of 1. A row made by bucketing or mixing has several
/// that sum to 1, so a verdict on a mixed row can still be traced to clients.
public struct Provenance: Sendable, Equatable {
  public struct Share: Sendable, Equatable {
    public let client: ClientID
    public let fraction: Double

    public init(client: ClientID, fraction: Double) {
      self.client = client
      self.fraction = fraction
    }
  }

  public let shares: [Share]

  public init(_ shares: [Share]) { self.shares = shares }
  public init(_ client: ClientID) { self.init([Share(client: client, fraction: 1)]) }
}
