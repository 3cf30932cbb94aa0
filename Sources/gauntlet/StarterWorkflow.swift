/// The GitHub workflow that `init` writes: it uses the action that action.yml describes.
struct StarterWorkflow {
  /// `OWNER/NAME` of Gauntlet's source; `nil` where a variable says so.
  var repository: String?
  /// The scenario that it trains, from the root of the user's repository.
  var scenario = "gauntlet/scenario.yaml"
  /// Claims that it gates with, if any.
  var claims: String? = "gauntlet/claims.yaml"

  static let variable = "GAUNTLET_REPOSITORY"
  /// The tag of the version that writes it: another one may give other numbers.
  static let reference = "v" + Tool.version

  /// Actions of GitHub by the commits of their releases: whoever moves a tag changes no workflow.
  private static let checkout =
    "actions/checkout@d23441a48e516b6c34aea4fa41551a30e30af803 # v6.1.0"
  private static let upload =
    "actions/upload-artifact@b7c566a772e6b6bfb58ed0dc250532a479d7789f # v6.0.0"

  var text: String {
    """
    # Turns red when a robustness number got worse than gauntlet/baseline.json or a claim stopped holding.
    # It gates scenarios with the components that come with Gauntlet, and with defenses of other processes. A rule
    # in Swift is gated from the tests of its own package.
    name: gauntlet
    on:
      push: {branches: [main]}
      pull_request:
    permissions:
      contents: read
    jobs:
      gate:
        runs-on: ubuntu-latest
        timeout-minutes: 30
        steps:
          - uses: \(Self.checkout)
            with: {persist-credentials: false}
    \(repository.map(Self.action) ?? Self.unnamedAction)
            with:
              scenario: \(scenario)
              baseline: gauntlet/baseline.json
    \(claims.map { "          claims: \($0)\n" } ?? "")\(repository == nil ? "          repository: ${{ vars.\(Self.variable) }}\n" : "")\
          - uses: \(Self.upload)
            if: always()
            with: {name: gauntlet, path: results}

    """
  }

  /// The step of a repository that is known.
  private static func action(of repository: String) -> String {
    """
          # The release that the baseline was made with. Change it together with a new baseline.
          - uses: \(repository)@\(reference)
    """
  }

  /// The steps where a variable says which repository it is, which `uses` itself cannot take.
  private static var unnamedAction: String {
    """
          # Where Gauntlet is, as OWNER/NAME, says a variable of your repository (Settings, Secrets and variables,
          # Actions, Variables).
          - name: Is it said where Gauntlet is?
            run: test -n "$NAME" || { echo "::error::set the variable \(variable)"; exit 1; }
            env: {NAME: "${{ vars.\(variable) }}"}
          - uses: \(Self.checkout)
            with:
              repository: ${{ vars.\(variable) }}
              # The release that the baseline was made with. Change it together with a new baseline.
              ref: \(reference)
              path: .gauntlet
              persist-credentials: false
          - uses: ./.gauntlet
    """
  }
}
