import Federation

extension Evaluation {
  /// Passes over the counts; `backdoors` are all that they can be of.
  ///
  /// Votes are kept once, with the loop.
  mutating func checkpoint(_ pass: inout CheckpointPass, backdoors: [Backdoor]) {
    pass.visit(&examples)
    pass.visit(&correct)
    for backdoor in backdoors {
      pass.visit(&triggered[backdoor], from: Triggered(examples: 0, hits: 0, robust: nil)) {
        $1.checkpoint(&$0)
      }
    }
  }
}

extension Evaluation.Triggered {
  fileprivate mutating func checkpoint(_ pass: inout CheckpointPass) {
    pass.visit(&examples)
    pass.visit(&hits)
    pass.visit(&robust, from: 0) { $0.visit(&$1) }
    pass.visit(&correct, from: 0) { $0.visit(&$1) }
    pass.visit(&correctHits)
    pass.visit(&confidence, from: 0) { $0.visit(&$1) }
  }
}
