import Foundation

/// One question document (contract version 10), to be changed in one place by a test.
struct Question {
    var person: Person
    var providers: Set<String> = Set(Role.providers)
    /// Whom the LEFI question for Försäkringskassan is about; nil leaves that question to the gateway.
    var lefiPerson: Person?
    var namespace = "http://schema.forsakringskassan.se/integration/ssbt/10"
    /// What stands between the declaration and the document element.
    var prologue = ""

    init(_ person: Person) {
        self.person = person
        self.lefiPerson = person
    }

    var text: String {
        let sections = Role.providers.map { provider in
            let isIncluded = self.providers.contains(provider)
            let inner = provider == "FK" && isIncluded ? self.lefi : ""
            return "    <\(provider) inkludera=\"\(isIncluded)\">\(inner)</\(provider)>"
        }
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            \(self.prologue)<hamtaBastjanstInformation xmlns="\(self.namespace)">
              <generellaFrageparametrar>
                <korrelationsid>korr-1</korrelationsid>
                <fraganSkallInkluderasISvaret>false</fraganSkallInkluderasISvaret>
                <ingivare>
                  <organisationsnummer>16\(PKI.Organisation.municipalityA)</organisationsnummer>
                  <namn>Exempelkommun</namn>
                  <handlaggare>handlaggare-17</handlaggare>
                </ingivare>
                <personidentitet>\(self.person.number)</personidentitet>
                <arendeidentitet>EB-2026-0042</arendeidentitet>
                <tidsperiod><fromDatum>2025-10-01</fromDatum><tomDatum>2025-10-31</tomDatum></tidsperiod>
                <syfte>Handläggning av ekonomiskt bistånd</syfte>
                <lagtext>11 kap. 11 § socialtjänstlagen</lagtext>
              </generellaFrageparametrar>
              <specifikaFrageparametrar>
            \(sections.joined(separator: "\n"))
              </specifikaFrageparametrar>
            </hamtaBastjanstInformation>
            """
    }

    private var lefi: String {
        guard let person = self.lefiPerson else { return "" }
        let json = """
            {"personnummer":"\(person.number)","period":{"from":"2025-10-01","tom":"2025-10-31"},\
            "formansinformation":["FK:SJP","FK:FP","PM:AP"],"ovrigInformation":["FK:SGI"]}
            """
        return "<fraga><aktorsid>00000000-0000-0000-0000-00000000a001</aktorsid><lefiJsonFraga>"
            + Data(json.utf8).base64EncodedString() + "</lefiJsonFraga></fraga>"
    }
}
