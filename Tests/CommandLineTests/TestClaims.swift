/// Claims about the tiny scenario.
enum TestClaims {
  /// A file with one claim about `backdoor/krum`; further lines belong to the claim.
  static func text(_ id: String, _ expectation: String, _ further: String...) -> String {
    """
    schema: gauntlet/claims/1
    claims:
      - id: \(id)
        where: {attack: backdoor, defense: krum}
        expect: {\(expectation)}

    """ + further.map { "    \($0)\n" }.joined()
  }
}
