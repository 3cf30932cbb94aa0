public import Simulation

/// The meters that ship with the suite, by type name.
public let builtInMeters: [any RoundMeter.Type] = [
  AccuracyMeter.self,
  CostMeter.self,
  FairnessMeter.self,
  InfluenceMeter.self,
  LocalAccuracyMeter.self,
  ThreatMeter.self,
  UpdateMeter.self,
  VerdictMeter.self,
  WorkMeter.self,
]

/// The metrics that ship with the suite, by type name.
public let builtInMetrics: [any Metric.Type] = [
  AccuracyMetrics.self,
  AttackCost.self,
  AttackSuccessRate.self,
  CertifiedMetrics.self,
  ChanceAccuracy.self,
  CostMetrics.self,
  DefenseCost.self,
  DetectionMetrics.self,
  FairnessMetrics.self,
  InfluenceMetrics.self,
  PersistenceMetrics.self,
  StealthMetrics.self,
  TargetConfidence.self,
  ThreatMetrics.self,
  TriggerMetrics.self,
]

/// The reliability flags that a trial raises by itself, by id; those of its cell are derived when
/// they are shown.
public let builtInFlags: [any ReliabilityFlag.Type] = [
  Diverged.self,
  NonFinite.self,
  Nondeterministic.self,
  OracleCount.self,
  OrderDependent.self,
  OutsideProof.self,
  Stateful.self,
  UsesServerData.self,
]

extension MetricCatalog {
  /// Everything that ships with the suite.
  public static let builtIn = MetricCatalog(
    meters: builtInMeters, metrics: builtInMetrics, flags: builtInFlags)
}
