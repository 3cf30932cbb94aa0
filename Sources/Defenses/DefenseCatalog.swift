public import Federation

/// The rules that come with the suite, by id.
public let builtInAggregators: [AggregatorEntry] = [
  AggregatorEntry(AlignIns.self),
  AggregatorEntry(Auror.self),
  AggregatorEntry(BackdoorIndicator.self),
  AggregatorEntry(Bulyan.self),
  AggregatorEntry(CAF.self),
  AggregatorEntry(CenteredClipping.self),
  AggregatorEntry(GradientElimination.self),
  AggregatorEntry(ClippedClustering.self),
  AggregatorEntry(Clustering.self),
  AggregatorEntry(DeepSight.self),
  AggregatorEntry(DnC.self),
  AggregatorEntry(FedSECA.self),
  AggregatorEntry(FLAME.self),
  AggregatorEntry(Flanders.self),
  AggregatorEntry(Flare.self),
  AggregatorEntry(FLDetector.self),
  AggregatorEntry(FLTrust.self),
  AggregatorEntry(FoolsGold.self),
  AggregatorEntry(FoundationFL.self),
  AggregatorEntry(FreqFed.self),
  AggregatorEntry(GradientSplitting.self),
  AggregatorEntry(GeometricMedian.self),
  AggregatorEntry(Krum.self),
  AggregatorEntry(LASA.self),
  AggregatorEntry(MDA.self),
  AggregatorEntry(MeanAroundMedian.self),
  AggregatorEntry(Mean.self),
  AggregatorEntry(Median.self),
  AggregatorEntry(MoNNA.self),
  AggregatorEntry(MultiKrum.self),
  AggregatorEntry(MultiMetrics.self),
  AggregatorEntry(NormClipping.self),
  AggregatorEntry(Phocas.self),
  AggregatorEntry(RandomRule.self),
  AggregatorEntry(SmoothedWeiszfeld.self),
  AggregatorEntry(RFLBAT.self),
  AggregatorEntry(RobustLearningRate.self),
  AggregatorEntry(SignGuard.self),
  AggregatorEntry(SignMajority.self),
  AggregatorEntry(SMEA.self),
  AggregatorEntry(TrimmedMean.self),
  AggregatorEntry(WeightedMean.self),
]

/// The stages that come with the suite, by id.
public let builtInStages: [StageEntry] = [
  StageEntry(AdaptiveRobustClipping.self),
  StageEntry(Bucketing.self),
  StageEntry(Clipping.self),
  StageEntry(NearestNeighborMixing.self),
  StageEntry(QuantileClipping.self),
  StageEntry(Sparsification.self),
]

/// The finishers that come with the suite, by id.
public let builtInFinishers: [FinisherEntry] = [
  FinisherEntry(CRFL.self),
  FinisherEntry(FineTuning.self),
  FinisherEntry(WeakDP.self),
]
