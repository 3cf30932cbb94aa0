import Determinism
import Federation

/// The ids under which a defense knows the clients: a permutation, the same in every round of a
/// run, so that an id says nothing about who attacks.
struct OpaqueNames: Sendable {
  private let opaqueByReal: [Int]
  private let realByOpaque: [Int]

  init(clientCount: Int, seed: SeedPath) {
    var random = seed.stream()
    opaqueByReal = random.permutation(clientCount)
    var inverse = [Int](repeating: 0, count: clientCount)
    for (real, opaque) in opaqueByReal.enumerated() { inverse[opaque] = real }
    realByOpaque = inverse
  }

  func opaque(_ client: ClientID) -> ClientID { ClientID(opaqueByReal[client.index]) }

  /// Returns verdicts by client from verdicts by opaque id.
  func real(_ verdicts: [ClientID: Verdict]) -> [ClientID: Verdict] {
    Dictionary(
      uniqueKeysWithValues: verdicts.map { (ClientID(realByOpaque[$0.key.index]), $0.value) })
  }
}
