import Foundation
import GatewayTestSupport

/// A fictitious person to ask about: birth numbers 980 to 989, which no living person has, and a right check digit.
struct Person: Hashable, Sendable {
    /// Twelve digits.
    let number: String

    /// More of them than there are requests at the same time, so that a mixed-up answer is another's.
    static let all: [Person] = (0..<480).map { index in
        Person(number: FictitiousNumber.digits(index))
    }

    /// The question about this person, to all seven.
    var question: [UInt8] {
        let sections = Cluster.providers.map { "<\($0) inkludera=\"true\"/>" }.joined()
        return Array(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <hamtaBastjanstInformation xmlns="http://schema.forsakringskassan.se/integration/ssbt/10">
              <generellaFrageparametrar>
                <korrelationsid>\(self.number.reversed().map(String.init).joined())</korrelationsid>
                <fraganSkallInkluderasISvaret>false</fraganSkallInkluderasISvaret>
                <ingivare>
                  <organisationsnummer>162120009911</organisationsnummer>
                  <namn>Exempelkommun</namn>
                  <handlaggare>handlaggare-17</handlaggare>
                </ingivare>
                <personidentitet>\(self.number)</personidentitet>
                <arendeidentitet>EB-2026-0042</arendeidentitet>
                <tidsperiod><fromDatum>2025-10-01</fromDatum><tomDatum>2025-10-31</tomDatum></tidsperiod>
                <syfte>Handläggning av ekonomiskt bistånd</syfte>
                <lagtext>11 kap. 11 § socialtjänstlagen</lagtext>
              </generellaFrageparametrar>
              <specifikaFrageparametrar>\(sections)</specifikaFrageparametrar>
            </hamtaBastjanstInformation>
            """.utf8)
    }
}
