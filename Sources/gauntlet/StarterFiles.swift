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
}
