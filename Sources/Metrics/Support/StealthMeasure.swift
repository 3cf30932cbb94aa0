/// A measure of one malicious row against the honest rows of its round.
enum StealthMeasure: String, CaseIterable, Sendable {
  case normRatio = "norm-ratio"
  case cosine
  case distancePercentile = "distance-percentile"
  case krumRank = "krum-rank"
  case outlierShare = "outlier-share"
  case signBalance = "sign-balance"
  case kolmogorovSmirnov = "ks"

  /// The id of its series and of its metric.
  var id: String { "stealth." + rawValue }

  var definition: String {
    switch self {
    case .normRatio: "norm of a malicious update / median honest norm"
    case .cosine:
      "cosine of a malicious update to the honest mean, minus the mean cosine of an honest update"
        + " to the mean of the other honest ones; rows without a cosine, those of zeros, are left"
        + " out"
    case .distancePercentile:
      "rank of the distance to the honest mean among the distances of honest updates to the mean of"
        + " the other honest ones, ties half"
    case .krumRank:
      "rank of the Krum score (squared distances to the n - f - 2 nearest rows, f the malicious rows"
        + " of the round) among all rows, ties half; 0 is most central; of a round of more than"
        + " \(RowSample.limit) rows, rows and f are those of \(RowSample.limit) rows in the same"
        + " proportion of malicious ones, evenly spaced in row order within each kind"
    case .outlierShare:
      "share of coordinates farther from the honest mean than 3 honest (population) standard"
        + " deviations"
    case .signBalance:
      "distance of (positive - negative coordinates) / d from the mean honest one"
    case .kolmogorovSmirnov:
      "largest gap between the distribution functions of a malicious update's coordinates and of"
        + " the pooled honest ones, on at most \(KolmogorovSmirnov.sampleLimit) evenly spaced"
        + " coordinates, against the honest rows among at most \(RowSample.limit) rows of a round"
        + " (chosen as for stealth.krum-rank), and in at most 8 rounds"
    }
  }

  var unit: String {
    switch self {
    case .normRatio: "ratio"
    case .cosine: "cosine"
    default: "fraction"
    }
  }

  var range: String {
    switch self {
    case .normRatio: "0..."
    case .cosine: "-2...2"
    case .signBalance: "0...2"
    default: "0...1"
    }
  }

  var citation: String {
    switch self {
    case .normRatio: "Bagdasaryan et al., AISTATS 2020; Sun et al. 2019"
    case .cosine: "Bagdasaryan et al., AISTATS 2020"
    case .distancePercentile: "Bhagoji et al., ICML 2019"
    case .krumRank: "Blanchard et al., NeurIPS 2017"
    case .outlierShare: "Baruch et al., NeurIPS 2019"
    case .signBalance: "Xu et al., SignGuard, ICDCS 2022"
    case .kolmogorovSmirnov: "Krauss and Dmitrienko, MESAS, CCS 2023"
    }
  }

  /// Why it is missing where malicious and honest rows took part.
  var absence: String {
    switch self {
    case .normRatio: "the median honest norm was 0 in every window round"
    case .cosine:
      "no window round had a malicious row, a mean of the honest ones and two honest ones that were"
        + " not zero"
    case .distancePercentile:
      "no window round with rows that differ had malicious ones and two honest ones"
    default: "no window round with rows that differ had both malicious and honest ones"
    }
  }
}
