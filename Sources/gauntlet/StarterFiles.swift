/// The files that `init` writes.
enum StarterFiles {
  static let scenario = """
    # What is trained: 20 clients with handwritten digits, 4 of them malicious, 3 attacks against 4 defenses.
    # A whole run takes a few seconds. 'gauntlet list attacks' and 'gauntlet list defenses' show what else there is.
    schema: gauntlet/scenario/1
    name: starter
    seeds: {from: 1, count: 5}            # five seeds: fewer than three never decide
    rounds: 40
    task:
      dataset: digits
      model: {kind: mlp, hidden: [32]}
      local: {epochs: 2, batch: 16, lr: 0.1}
    clients:
      count: 20
      partition: {kind: dirichlet, alpha: 0.5}
    threat:
      malicious: 0.2
      window: {start: 10, stop: 30}       # the last 10 rounds show what persists
      backdoor: {trigger: square, size: 3, corner: bottom-right, value: 1.0, target: 0}
    defense-knows: {malicious: exact}
    attacks:
      - none
      - {id: model-replacement, use: model-replacement, ratio: 0.5, gamma: auto}
      - {id: sign-flip, use: sign-flip, scale: 4}
    defenses:
      - mean
      - median
      - krum
      - norm-clipping

    """

  static let claims = """
    # What has to hold whatever the baseline says; change the bounds to what you promise.
    schema: gauntlet/claims/1
    claims:
      - id: krum-stops-model-replacement
        where: {attack: model-replacement, defense: krum}
        expect:
          asr.stop: {max: 0.10}
        confidence: 0.95
        source: our README
      - id: median-learns-under-every-attack
        where: {defense: median}
        expect:
          accuracy.final: {min: 0.80}
        over: worst
        source: our README

    """

  /// The workflow; without a repository it reads a variable.
  static func workflow(_ repository: String?) -> String {
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
    jobs:
      gate:
        runs-on: ubuntu-latest
        container: swift:6.3
        timeout-minutes: 30
        steps:
          - uses: actions/checkout@v4
          - uses: actions/checkout@v4
            with:
              repository: \(repository ?? "${{ vars.GAUNTLET_REPOSITORY }}")
              path: .gauntlet
          - name: zlib's headers
            run: apt-get update -q && apt-get install -y -q zlib1g-dev
          - uses: actions/cache@v4
            with:
              path: .gauntlet/.build
              key: gauntlet-${{ runner.os }}-${{ hashFiles('.gauntlet/Package.swift', '.gauntlet/Sources/**') }}
          - name: Build
            run: swift build -c release --product gauntlet --package-path .gauntlet
          # A run goes on from results that are there, and cannot see that code changed since: start afresh.
          - name: Train
            run: .gauntlet/.build/release/gauntlet run gauntlet/scenario.yaml -o results --fresh
          - name: Gate
            run: >-
              .gauntlet/.build/release/gauntlet gate results
              --baseline gauntlet/baseline.json --claims gauntlet/claims.yaml
              --self-test --format github --summary auto --junit gate.xml
          - uses: actions/upload-artifact@v4
            if: always()
            with:
              name: gauntlet
              path: |
                results
                gate.xml

    """
  }
}
