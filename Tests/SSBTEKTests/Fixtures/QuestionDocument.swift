import SSBTEK

/// A question document to be changed in one place by a test.
struct QuestionDocument {
    static let person = "199908072391"
    static let period =
        "<s:tidsperiod><s:fromDatum>2025-01-01</s:fromDatum><s:tomDatum>2025-01-31</s:tomDatum></s:tidsperiod>"

    var askedAt = "<s:frageTidpunkt>2025-02-03T10:11:12.5+01:00</s:frageTidpunkt>"
    var correlationID = "<s:korrelationsid>korr &amp; 1</s:korrelationsid>"
    var echo = "<s:fraganSkallInkluderasISvaret>false</s:fraganSkallInkluderasISvaret>"
    var organisationNumber = "162120002411"
    var person = Self.person
    var period = Self.period
    var processors = ""
    var included: [Provider] = Provider.allCases
    var periods: [Provider: String] = [:]
    var lefi = ""
    var rootAttributes = ""

    /// The inside of the `fraga` element for a LEFI question.
    static func lefi(json: String, actor: String = "9255f428", version: String? = nil) -> String {
        "<s:fraga>\(version.map { "<s:version>\($0)</s:version>" } ?? "")<s:aktorsid>\(actor)</s:aktorsid>"
            + "<s:lefiJsonFraga>\(Base64.encode(Array(json.utf8)).text)</s:lefiJsonFraga></s:fraga>"
    }

    var text: String {
        let sections = Provider.allCases.map { provider in
            "<s:\(provider.rawValue) inkludera=\"\(self.included.contains(provider))\">"
                + (self.periods[provider] ?? "") + (provider == .fk ? self.lefi : "") + "</s:\(provider.rawValue)>"
        }
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <s:hamtaBastjanstInformation xmlns:s="\(Namespace.ssbtek)"\(self.rootAttributes)>
              <s:generellaFrageparametrar>\(self.askedAt)\(self.correlationID)\(self.echo)
                <s:ingivare><s:organisationsnummer>\(self.organisationNumber)</s:organisationsnummer>
                  <s:namn>Testköping</s:namn><s:handlaggare>Åsa &lt;Öst&gt;</s:handlaggare></s:ingivare>
                <s:personidentitet>\(self.person)</s:personidentitet><s:arendeidentitet>A-17</s:arendeidentitet>
                \(self.period)\(self.processors)
                <s:syfte>Ekonomiskt bistånd</s:syfte><s:lagtext>4 kap. SoL</s:lagtext>
              </s:generellaFrageparametrar>
              <s:specifikaFrageparametrar>\(sections.joined())</s:specifikaFrageparametrar>
            </s:hamtaBastjanstInformation>
            """
    }

    /// What it asks, unchanged.
    static let question: Question = {
        do {
            return try QuestionDocument().read()
        } catch {
            preconditionFailure("the question of the fixtures is refused: \(error)")
        }
    }()

    var bytes: [UInt8] { Array(self.text.utf8) }

    func read(checksOrganisationDigit: Bool = false) throws(QuestionFault) -> Question {
        try QuestionReader(contract: ContractFiles.contract, checksOrganisationDigit: checksOrganisationDigit).read(
            self.bytes)
    }

    /// Why it is refused, nil when it is not.
    func fault(checksOrganisationDigit: Bool = false) -> QuestionFault? {
        do throws(QuestionFault) {
            _ = try self.read(checksOrganisationDigit: checksOrganisationDigit)
            return nil
        } catch {
            return error
        }
    }
}
