import Gateway
import GatewayFixtures
import SHS
import SSBTEK
import XML

/// One signed request of the simulation, and what may come back for it.
///
/// Every question has a correlation id of its own, and every simulated base service puts that id and its own name into what
/// it says: an answer in a wrong section, question or reply shows itself.
struct SimulatedTransfer: Sendable {
    let number: Int
    let txID: String
    let correlationIDs: [String]
    let providers: [Provider]
    let request: ReceivedTransfer

    /// - Parameter txID: a client may use one twice, for different content.
    init(number: Int, txID: String, persons: Int, providers: [Provider]) {
        self.number = number
        self.txID = txID
        let ids = (0..<persons).map { "t\(number).\($0)" }
        self.correlationIDs = ids
        self.providers = providers
        let questions = ids.enumerated().map { index, id in
            QuestionFixture(
                person: QuestionFixture.persons[index % QuestionFixture.persons.count], providers: providers,
                correlationID: id)
        }
        let fixture = RequestFixture(txID: txID, questions: questions)
        self.request = SharedFixtures.made { try fixture.transfer() }
    }

    var persons: Int { self.correlationIDs.count }

    /// What a section of a reply holds.
    enum Section: Equatable {
        case fromService
        /// `SSBT` and the code.
        case fromGateway(String)
    }

    /// The sections of a reply, by question and provider; a text when it is not the reply to this transfer.
    func sections(of entity: [UInt8]) -> Result<[[Provider: Section]], Mismatch> {
        do {
            guard case .detached(let content, _) = try SignedEntity.read(entity: entity) else {
                throw Mismatch("no detached signature")
            }
            let message = try Message.read(content)
            guard message.label.txID == self.txID else { throw Mismatch("the label of another transfer") }
            guard message.parts.count == self.persons else { throw Mismatch("\(message.parts.count) parts") }
            return .success(
                try zip(message.parts, self.correlationIDs).map { part, id in try self.sections(of: part, id) })
        } catch let mismatch as Mismatch {
            return .failure(mismatch)
        } catch {
            return .failure(Mismatch("unreadable: \(error)"))
        }
    }

    private func sections(of part: DataPart, _ id: String) throws -> [Provider: Section] {
        let root = try XMLDocument(parsing: part.content, options: XMLReadingOptions()).root
        guard root.first(named: "korrelationsid")?.text == id else { throw Mismatch("the answer to another question") }
        let elements = root.first(named: "svarsdata")?.children ?? []
        guard elements.map(\.name) == Provider.allCases.filter(self.providers.contains).map(\.rawValue) else {
            throw Mismatch("other sections than those asked for")
        }
        return Dictionary(
            uniqueKeysWithValues: try self.sorted.map { provider in
                guard let element = elements.first(where: { $0.name == provider.rawValue })?.children.first else {
                    throw Mismatch("an empty section")
                }
                let marker = SimulatedBaseService.marker(provider, id)
                if element.name == "data" {
                    guard element.children.first?.text == marker else { throw Mismatch("data of another section") }
                    return (provider, .fromService)
                }
                let code = element.first(named: "felkod")?.text ?? ""
                if element.first(named: "kalla")?.text == "SSBT" { return (provider, .fromGateway(code)) }
                guard code == marker else { throw Mismatch("an error of another section") }
                return (provider, .fromService)
            })
    }

    private var sorted: [Provider] { Provider.allCases.filter(self.providers.contains) }

    /// Why a reply is not the right one.
    struct Mismatch: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) {
            self.description = description
        }
    }
}
