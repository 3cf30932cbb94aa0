/// Verdicts on rows, turned into verdicts on the clients that the rows stand for.
struct ClientVerdicts {
  private struct Sum {
    var weight = 0.0
    var suspicion = 0.0
    var share = 0.0
    var hasSuspicion = true
    var seen: Set<Verdict.Disposition> = []
  }

  private var sums: [ClientID: Sum] = [:]

  init(_ verdicts: [Verdict], _ provenance: [Provenance]) {
    for (verdict, row) in zip(verdicts, provenance) {
      for part in row.shares {
        var sum = sums[part.client] ?? Sum()
        sum.weight += verdict.weight * part.fraction
        sum.suspicion += (verdict.suspicion ?? 0) * part.fraction
        sum.share += part.fraction
        sum.hasSuspicion = sum.hasSuspicion && verdict.suspicion != nil
        sum.seen.insert(verdict.disposition)
        sums[part.client] = sum
      }
    }
  }

  var merged: [ClientID: Verdict] {
    sums.mapValues { sum in
      let only = sum.seen.count == 1 ? sum.seen.first : nil
      return Verdict(
        only ?? .downweighted, weight: sum.weight,
        suspicion: sum.hasSuspicion ? sum.suspicion / sum.share : nil)
    }
  }
}
