import Components
import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Training

extension Plan {
  /// Shows what attacks do to examples, with the data, the triggers and the poisoned examples of the first
  /// seed, exactly as its trials have them.
  ///
  /// Where a matrix varies the task, that is its first combination. A trigger that is chosen anew in each
  /// round is shown as it is for the initial model, at the start of the window.
  ///
  /// - Parameters:
  ///   - attacks: The attacks to show, by the ids of the scenario; empty: all that change examples.
  ///   - count: The largest number of examples of a kind.
  /// - Returns: A row for each of the attacks.
  /// - Throws: ``PreviewError``.
  /// - Complexity: the data of one seed, and what the attacks take to poison `count` clients at most.
  public func preview(of attacks: [String], count: Int) throws(PreviewError) -> Preview {
    let all = trials.filter { $0.attack != "none" }
    for name in attacks where !all.contains(where: { $0.attack == name }) {
      throw .unknown(name, among: all.map(\.attack).uniqued())
    }
    guard let first = trials.first, let task = variants[first.variant].task.local else {
      throw .elsewhere
    }
    let source = task.source
    if case .vector = source.shape, source.alphabet == nil {
      throw .noPicture("\(source.shape) features")
    }
    let variant = variants[first.variant]
    var chosen: [PlannedTrial] = []
    for trial in all
    where trial.variant == first.variant && (attacks.isEmpty || attacks.contains(trial.attack))
      && !chosen.contains(where: { $0.attackPlace == trial.attackPlace })
    {
      chosen.append(trial)
    }
    let data: FederationData
    do throws(DatasetError) {
      data = try FederationCache(plan: self, indices: [0]).data(for: 0)
    } catch {
      throw .data(error.description)
    }
    let sampler = PreviewSampler(
      variant: variant, task: task, data: data, seed: first.seed, count: count)
    var rows: [Preview.Row] = []
    for trial in chosen {
      // What was asked for by name is not left out without a word.
      let isAskedFor = attacks.contains(trial.attack)
      let own: [Preview.Row]
      do throws(ConfigurationError) {
        own = try sampler.rows(of: trial, name: name(of: trial, among: chosen))
      } catch {
        guard isAskedFor else { continue }
        throw .notApplicable(trial.attack, reason: error.description)
      }
      if own.isEmpty && isAskedFor { throw .leavesData(trial.attack) }
      rows += own
    }
    guard !rows.isEmpty else { throw .noAttack }
    return Preview(
      shape: source.shape, alphabet: source.alphabet, range: sampler.range, rows: rows)
  }

  /// The id of an attack and, where its parameters are swept, their values.
  private func name(of trial: PlannedTrial, among others: [PlannedTrial]) -> String {
    let same = others.filter { $0.attack == trial.attack }
    let swept = trial.axes.keys.sorted().filter { key in
      Set(same.map { $0.axes[key] }).count > 1
    }
    return ([trial.attack] + swept.map { "\($0)=\(trial.axes[$0] ?? "")" })
      .joined(separator: " ")
  }
}
