import Foundation
import Gateway
import SHS
import SSBTEK
import Trust

/// Reads a reply as its asker must, and beyond: every section has to be exactly what that base service says about that
/// person, or an error that says who failed.
struct ReplyChecker: Sendable {
    enum Verdict: Sendable, Equatable {
        /// Every base service has its say.
        case complete
        /// The base services for which the gateway gave up, each with its code.
        case partial([String])
        /// One base service has spoken twice.
        case duplicated(String)
        case wrong(String)
    }

    private let verifier: CMSVerifier
    private let expected: ExpectedAnswers

    /// - Parameter peers: the folder of what the municipalities hold.
    init(peers: String, expected: ExpectedAnswers) throws {
        let anchors = try Certificate.list(pem: try Folder.bytes("\(peers)/reply-anchors.pem"))
        let lists = try RevocationList.list(pem: try Folder.bytes("\(peers)/reply-crls.pem"))
        self.verifier = CMSVerifier(
            certificates: try CertificateVerifier(anchors: anchors, revocationLists: lists, policy: TrustPolicy()))
        self.expected = expected
    }

    func check(_ reply: [UInt8], to txID: String, about person: Person) -> Verdict {
        guard let form = try? SignedEntity.read(contentType: "message/rfc822", body: reply, limits: MessageLimits())
        else {
            return .wrong("it is not signed")
        }
        let outcome = self.verifier.verify(form, at: Int64(Date().timeIntervalSince1970))
        guard let verified = outcome.content else {
            return .wrong("its signature is not accepted: \(outcome.verdict.reason?.rawValue ?? "unknown")")
        }
        guard let message = try? Message.read(verified.content) else { return .wrong("its content cannot be read") }
        guard message.label.txID == txID, message.label.sequenceType == .reply else {
            return .wrong("it answers another transaction")
        }
        guard message.parts.count == 1 else { return .wrong("it has \(message.parts.count) answers") }
        guard let sections = try? self.expected.sections(about: person) else { return .wrong("nothing is expected") }
        let answer = Data(message.parts[0].content)
        var failed: [String] = []
        for provider in Provider.allCases {
            switch Self.compare(answer, provider, sections[provider]) {
            case nil: break
            case .gaveUp(let code): failed.append("\(provider.rawValue) \(code)")
            case .duplicated: return .duplicated("\(provider.rawValue) has more than one section")
            case .wrong(let reason): return .wrong("\(provider.rawValue) \(reason)")
            }
        }
        return failed.isEmpty ? .complete : .partial(failed)
    }

    private enum Difference { case gaveUp(String), duplicated, wrong(String) }

    /// Nil when the section is exactly as expected.
    private static func compare(
        _ answer: Data, _ provider: Provider, _ expected: SectionOutcome?
    ) -> Difference? {
        let (open, close) = (Data("<s:\(provider.rawValue)>".utf8), Data("</s:\(provider.rawValue)>".utf8))
        guard let start = answer.range(of: open)?.upperBound,
            let end = answer.range(of: close, in: start..<answer.endIndex)?.lowerBound
        else { return .wrong("has no section") }
        if answer.range(of: open, in: end..<answer.endIndex) != nil { return .duplicated }
        let section = answer[start..<end]
        if case .data(let bytes) = expected, section == Data(bytes) { return nil }
        let text = String(decoding: section, as: UTF8.self)
        guard text.hasPrefix("<s:error>"), let source = Self.element("kalla", text),
            let code = Self.element("felkod", text)
        else { return .wrong("has data of somebody else, or none that it should have") }
        if source == ProviderError.Source.ssbt.rawValue { return .gaveUp(code) }
        if case .error(let error) = expected, error.source.rawValue == source, error.code == code { return nil }
        return .wrong("says that it refused, which it did not")
    }

    private static func element(_ name: String, _ text: String) -> String? {
        guard let start = text.firstRange(of: "<s:\(name)>")?.upperBound,
            let end = text[start...].firstRange(of: "</s:\(name)>")?.lowerBound
        else { return nil }
        return String(text[start..<end])
    }
}
