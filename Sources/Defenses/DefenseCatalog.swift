public import Federation

/// The rules that come with the suite, by id.
public let builtInAggregators: [AggregatorEntry] = [
  AggregatorEntry(Bulyan.self),
  AggregatorEntry(FLDetector.self),
  AggregatorEntry(FLTrust.self),
  AggregatorEntry(GeometricMedian.self),
  AggregatorEntry(Krum.self),
  AggregatorEntry(Mean.self),
  AggregatorEntry(MeanAroundMedian.self),
  AggregatorEntry(Median.self),
  AggregatorEntry(MultiKrum.self),
  AggregatorEntry(NormClipping.self),
  AggregatorEntry(TrimmedMean.self),
]

/// The stages that come with the suite, by id.
public let builtInStages: [StageEntry] = [
  StageEntry(Clipping.self),
  StageEntry(NearestNeighborMixing.self),
]

/// The finishers that come with the suite, by id.
public let builtInFinishers: [FinisherEntry] = [
  FinisherEntry(CRFL.self)
]
