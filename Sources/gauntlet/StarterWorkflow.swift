/// The GitHub workflow that `init` writes.
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

  var text: String {
    """
    # Turns red when a robustness number got worse than gauntlet/baseline.json or a claim stopped holding.
    # It gates scenarios with the components that come with Gauntlet. To gate an aggregator of your own, run
    # the scenario from your tests: see "From swift-testing" in Gauntlet's README.
    name: gauntlet
    on:
      push: {branches: [main]}
      pull_request:
    permissions:
      contents: read
    env:
      # Where Gauntlet's source is, as OWNER/NAME: written here, or in a variable of your repository (Settings,
      # Secrets and variables, Actions, Variables).
      GAUNTLET_REPOSITORY: \(repository ?? "${{ vars.\(Self.variable) }}")
      # The tag or commit that the baseline was made with. Change it together with a new baseline.
      GAUNTLET_REF: \(Self.reference)
    jobs:
      gate:
        runs-on: ubuntu-latest
        container: swift:6.3
        timeout-minutes: 30
        steps:
          # Without a name the checkout below would take this repository.
          - name: Is it said where Gauntlet is?
            run: |
              if [ -z "$GAUNTLET_REPOSITORY" ] || [ "$GAUNTLET_REPOSITORY" = "$GITHUB_REPOSITORY" ]; then
                echo "::error::set GAUNTLET_REPOSITORY to the OWNER/NAME of Gauntlet's source, in the workflow or as a variable"
                exit 1
              fi
          - name: This repository
            uses: actions/checkout@v6
            with:
              repository: ${{ github.repository }}
              path: repository
              persist-credentials: false
          - name: Gauntlet
            uses: actions/checkout@v6
            with:
              repository: ${{ env.GAUNTLET_REPOSITORY }}
              ref: ${{ env.GAUNTLET_REF }}
              path: gauntlet-source
              persist-credentials: false
          - name: Headers of zlib
            run: apt-get update -q && apt-get install -y -q zlib1g-dev
          - uses: actions/cache@v5
            with:
              path: gauntlet-source/.build
              key: gauntlet-${{ runner.os }}-${{ env.GAUNTLET_REF }}-${{ hashFiles('gauntlet-source/Package.swift', 'gauntlet-source/Sources/**') }}
          - name: Build
            run: swift build -c release --product gauntlet --package-path gauntlet-source
          # A run goes on from results that are there, and cannot see that code changed since: start afresh.
          - name: Train
            working-directory: repository
            run: ../gauntlet-source/.build/release/gauntlet run \(scenario) -o results --fresh
          - name: Gate
            working-directory: repository
            run: >-
              ../gauntlet-source/.build/release/gauntlet gate results
              --baseline gauntlet/baseline.json\(claims.map { " --claims " + $0 } ?? "")
              --self-test --format github --summary auto --junit gate.xml
          - uses: actions/upload-artifact@v6
            if: always()
            with:
              name: gauntlet
              path: |
                repository/results
                repository/gate.xml

    """
  }
}
