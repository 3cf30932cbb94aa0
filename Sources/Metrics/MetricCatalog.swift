public import Simulation

/// The meters that ship with the suite, by type name.
public let builtInMeters: [any RoundMeter.Type] = [
  AccuracyMeter.self,
  CostMeter.self,
  InfluenceMeter.self,
  LocalAccuracyMeter.self,
  UpdateMeter.self,
  VerdictMeter.self,
]

/// The metrics that ship with the suite, by type name.
public let builtInMetrics: [any Metric.Type] = [
  AccuracyMetrics.self,
  AttackSuccessRate.self,
  CostMetrics.self,
  DefenseCost.self,
  DetectionMetrics.self,
  InfluenceMetrics.self,
  PersistenceMetrics.self,
  StealthMetrics.self,
  TargetConfidence.self,
]

/// The reliability flags that ship with the suite, by id.
public let builtInFlags: [any ReliabilityFlag.Type] = [
  AttackIneffective.self,
  Diverged.self,
  FewSeeds.self,
  NonFinite.self,
  Nondeterministic.self,
  NotAdaptive.self,
  OracleCount.self,
  OrderDependent.self,
  Stateful.self,
  UsesServerData.self,
  UtilityCollapse.self,
]

extension MetricCatalog {
  /// Everything that ships with the suite.
  public static let builtIn = MetricCatalog(
    meters: builtInMeters, metrics: builtInMetrics, flags: builtInFlags)
}
