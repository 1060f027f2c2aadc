package import SSBTEK

/// A question document about an invented person, and the contract that it is read with.
package struct QuestionFixture {
    /// Invented persons with valid check digits; whatever leaks shows one of them.
    package static let persons = ["198503119813", "197010632391", "199908072391", "196408233234"]

    package var person = Self.persons[0]
    package var providers: [Provider] = Provider.allCases
    package var correlationID: String? = "k-1"
    package var askedAt: String? = "2026-01-02T03:04:05"
    package var wantsEcho = false

    package init(
        person: String = Self.persons[0], providers: [Provider] = Provider.allCases, correlationID: String? = "k-1",
        wantsEcho: Bool = false
    ) {
        self.person = person
        self.providers = providers
        self.correlationID = correlationID
        self.wantsEcho = wantsEcho
    }

    package var bytes: [UInt8] {
        let asked = self.askedAt.map { "<frageTidpunkt>\($0)</frageTidpunkt>" } ?? ""
        let correlation = self.correlationID.map { "<korrelationsid>\($0)</korrelationsid>" } ?? ""
        let sections = Provider.allCases.map {
            "<\($0.rawValue) inkludera=\"\(self.providers.contains($0))\"/>"
        }
        return Array(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <hamtaBastjanstInformation xmlns="http://schema.forsakringskassan.se/integration/ssbt/10">
            <generellaFrageparametrar>\(asked)\(correlation)
            <fraganSkallInkluderasISvaret>\(self.wantsEcho)</fraganSkallInkluderasISvaret>
            <ingivare><organisationsnummer>162120002411</organisationsnummer><namn>Exempelkommun</namn>
            <handlaggare>handlaggare-17</handlaggare></ingivare>
            <personidentitet>\(self.person)</personidentitet><arendeidentitet>EB-42</arendeidentitet>
            <tidsperiod><fromDatum>2026-10-01</fromDatum><tomDatum>2026-10-31</tomDatum></tidsperiod>
            <syfte>Prov</syfte><lagtext>11 kap. 11 § SoL</lagtext></generellaFrageparametrar>
            <specifikaFrageparametrar>\(sections.joined())</specifikaFrageparametrar>
            </hamtaBastjanstInformation>
            """.utf8)
    }

    /// The project's own contract, found beside this file.
    package static func contract() throws -> Contract {
        let folder = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return try Contract(directory: "/\(folder)/Config/contracts/ssbtek-10")
    }

    package static func reader() throws -> QuestionReader { QuestionReader(contract: try self.contract()) }
}
