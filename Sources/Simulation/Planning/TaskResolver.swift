import Components
import Datasets
import Diagnostics
import Documents
import Federation
import Tensors
import Training

/// Opens data, model and initial parameters of scenarios, and checks that they fit together.
struct TaskResolver {
  private var resolver: DataResolver
  let patterns: PatternFiles
  let sink: ProblemSink
  let memory: MemoryLimit
  private var outsides: [OutsideKey: Result<OutsideExamples, DatasetError>] = [:]
  /// What programs said of themselves.
  var trainers: [TrainerKey: Result<TrainerFacts, TrainerError>] = [:]
  let host: (any TrainerHost)?
  /// The folder of the scenario.
  let folder: String?
  private var initials: [String: Result<InitialParameters, DatasetError>] = [:]

  private struct OutsideKey: Hashable {
    let path: String
    let label: Int
    let shape: InputShape
  }

  init(
    scenarioPath: String, environment: [String: String], memory: MemoryLimit,
    trainers host: (any TrainerHost)?, sink: ProblemSink
  ) {
    self.host = host
    folder = UserPath.folder(of: scenarioPath)
    resolver = DataResolver(
      scenarioPath: scenarioPath, environment: environment, memory: memory)
    patterns = PatternFiles(in: resolver.folders)
    self.memory = memory
    self.sink = sink
  }

  /// Returns the facts of a scenario's task; `nil` if something was reported.
  mutating func facts(of scenario: Scenario) -> TaskFacts? {
    if let settings = scenario.task.trainer {
      return trainer(settings, scenario).map { TaskFacts(.elsewhere($0), patterns: patterns) }
    }
    guard let data = data(scenario),
      let model = model(scenario.task.model, data.source, scenario)
    else { return nil }
    let other = outOfDistribution(scenario, data.source)
    let initial = initial(scenario, model)
    let outside = outside(scenario, data.source)
    guard outside.isSound, other != nil || scenario.serverData.outOfDistribution == nil,
      initial != nil || scenario.task.initialFile == nil
    else { return nil }
    return TaskFacts(
      .here(
        LocalTask(
          data: data, outOfDistribution: other, model: model, initial: initial,
          outside: outside.examples)), patterns: patterns)
  }

  /// Reports what is wrong with the data set itself, where the rest of a scenario cannot be read.
  mutating func checkData(of scenario: Scenario) {
    let settings = scenario.task
    do throws(DatasetError) {
      _ = try resolver.open(settings.dataset, normalization: settings.normalization)
    } catch {
      sink.report("task.dataset: \(error)", at: settings.dataset.position)
    }
  }

  private mutating func data(_ scenario: Scenario) -> DataResolver.Opened? {
    let settings = scenario.task
    let data: DataResolver.Opened
    do throws(DatasetError) {
      data = try resolver.open(settings.dataset, normalization: settings.normalization)
    } catch {
      sink.report("task.dataset: \(error)", at: settings.dataset.position)
      return nil
    }
    if let problem = settings.augmentationProblem(data.source.shape) {
      sink.report(problem, at: settings.dataset.position)
      return nil
    }
    guard let partition = try? scenario.clients.partition.made else { return nil }
    if let problem = sizeProblem(scenario, data.source, partition) {
      sink.report(problem, at: settings.dataset.position)
      return nil
    }
    return data
  }

  /// Says what does not fit: too few examples, or more than the memory holds.
  private func sizeProblem(
    _ scenario: Scenario, _ source: any DataSource, _ partition: any Partition
  ) -> String? {
    if source.trainingCount == nil && !partition.drawsSizes {
      return "task.dataset.train is missing: how many examples to draw for all clients "
        + "(only a partition that draws sizes, such as 'uniform-sizes', decides that itself)"
    }
    let clients = scenario.clients.count
    let (dealt, isOverflow) = clients.multipliedReportingOverflow(by: partition.examplesPerClient)
    let (needed, isLarger) = dealt.addingReportingOverflow(scenario.withheldCount)
    if let count = source.trainingCount, isOverflow || isLarger || count < needed {
      let each = partition.examplesPerClient
      let withheld = scenario.withheldCount
      return "clients.count is \(clients), but there are only \(count) training examples"
        + (each == 1 ? "" : " for up to \(each) each")
        + (withheld == 0 ? "" : ", of which \(withheld) are withheld from the clients")
    }
    if partition.needsUsers {
      guard let users = source.userCount else {
        return "clients.partition deals by users, but the examples of task.dataset belong to nobody"
      }
      guard users >= clients else {
        return "clients.count is \(clients), but the examples belong to \(users) users only"
      }
    }
    // In doubles, so that nothing overflows.
    let examples = isOverflow || isLarger ? Int.max : max(source.trainingCount ?? 0, needed)
    let bytes = source.byteCount(trainingCount: examples)
    guard bytes <= memory.byteCount else {
      return memory.refusal(
        of: "\(examples) examples of \(source.shape.count) features need", needing: bytes,
        instead: "take fewer")
    }
    return nil
  }

  private func model(
    _ choice: Chosen<ModelEntry>, _ source: any DataSource, _ scenario: Scenario
  ) -> (any Model)? {
    do throws(ConfigurationError) {
      let model = try choice.entry.make(
        choice.arguments, ModelSetup(shape: source.shape, classCount: source.classCount))
      let parameters = Double(model.layout.count)
      // Rows and buffers of one trial.
      let bytes = 4 * parameters * Double(scenario.clients.participantCount + 8)
      guard bytes <= memory.byteCount else {
        sink.report(
          memory.refusal(
            of: "a model of \(model.layout.count) parameters for "
              + "\(scenario.clients.participantCount) participants needs", needing: bytes,
            instead: "take a smaller model or fewer participants"),
          at: choice.position ?? scenario.task.dataset.position)
        return nil
      }
      return model
    } catch {
      for problem in error.problems {
        sink.report("task.model: \(problem)", at: choice.position)
      }
      return nil
    }
  }

  private mutating func outOfDistribution(
    _ scenario: Scenario, _ source: any DataSource
  ) -> DataResolver.Opened? {
    guard let settings = scenario.serverData.outOfDistribution else { return nil }
    let path = "defense-knows.out-of-distribution"
    do throws(DatasetError) {
      let other = try resolver.open(
        settings.dataset, normalization: scenario.task.normalization)
      guard other.source.shape.count == source.shape.count else {
        sink.report(
          "\(path): its inputs have \(other.source.shape), those of the task \(source.shape)",
          at: settings.dataset.position)
        return nil
      }
      if let count = other.source.trainingCount, count < settings.samples {
        sink.report(
          "\(path): \(settings.samples) samples of \(count) training examples",
          at: settings.dataset.position)
        return nil
      }
      return other
    } catch {
      sink.report("\(path): \(error)", at: settings.dataset.position)
      return nil
    }
  }

  /// The attacker's own examples, where files have them.
  ///
  /// A class that the task does not have is reported elsewhere.
  private mutating func outside(
    _ scenario: Scenario, _ source: any DataSource
  ) -> (examples: OutsideExamples?, isSound: Bool) {
    guard let settings = scenario.threat.auxiliary, case .folder(let path) = settings.origin,
      settings.label < source.classCount
    else { return (nil, true) }
    let key = OutsideKey(path: path, label: settings.label, shape: source.shape)
    do throws(DatasetError) {
      let known = outsides[key]
      let result: Result<OutsideExamples, DatasetError>
      if let known {
        result = known
      } else {
        do throws(DatasetError) {
          result = .success(
            try OutsideExamples(
              path: try resolver.locate(path), label: settings.label, shape: source.shape))
        } catch {
          result = .failure(error)
        }
        outsides[key] = result
      }
      let examples = try result.get()
      if let shortage = examples.shortage(
        training: settings.trainingCount, test: settings.testCount)
      {
        throw .malformed(path: path, reason: shortage)
      }
      return (examples, true)
    } catch {
      sink.report("threat.auxiliary: \(error)", at: settings.position)
      return (nil, false)
    }
  }

  private mutating func initial(_ scenario: Scenario, _ model: any Model) -> InitialParameters? {
    guard let file = scenario.task.initialFile else { return nil }
    let key = "\(file) \(scenario.task.model.json)"
    if initials[key] == nil {
      do throws(DatasetError) {
        initials[key] = .success(
          try InitialParameters(path: try resolver.locate(file), layout: model.layout))
      } catch {
        initials[key] = .failure(error)
      }
    }
    do {
      return try initials[key]?.get()
    } catch {
      sink.report("task.init: \(error)", at: scenario.task.initialFilePosition)
      return nil
    }
  }
}

extension Chosen<PartitionEntry> {
  /// The rule itself.
  ///
  /// - Throws: ``ConfigurationError``, which the decoder reports.
  var made: any Partition {
    get throws(ConfigurationError) { try entry.make(arguments) }
  }
}
