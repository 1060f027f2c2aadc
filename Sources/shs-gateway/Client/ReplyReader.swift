import Foundation
import Gateway
import SHS
import SHSClient
import SSBTEK
import Trust

/// Checks a reply as a municipality must: signature, label, and every answer against the contract.
struct ReplyReader {
    private let verifier: CMSVerifier
    private let answers: AnswerReader
    private let limits: MessageLimits

    init(_ send: SendConfiguration, contract: Contract, limits: MessageLimits) throws {
        var policy = TrustPolicy()
        var lists: [RevocationList] = []
        if let path = send.replyLists {
            lists = try PEMFiles.bytes(path).flatMap { try RevocationList.list(pem: $0) }
        } else {
            policy.requiresRevocation = false
        }
        let anchors = try PEMFiles.bytes(send.replyAnchors).flatMap { try Certificate.list(pem: $0) }
        self.verifier = CMSVerifier(
            certificates: try CertificateVerifier(anchors: anchors, revocationLists: lists, policy: policy))
        self.answers = AnswerReader(contract: contract)
        self.limits = limits
    }

    /// The answers in the order of the questions; throws with the reason why the reply cannot be used.
    func read(_ bytes: [UInt8], answering request: OutgoingMessage) throws -> [SSBTEK.Answer] {
        let form = try SignedEntity.read(contentType: "message/rfc822", body: bytes, limits: self.limits)
        let now = SystemClock().now().seconds
        let outcome = self.verifier.verify(form, at: now)
        guard let verified = outcome.content else {
            throw ExitWith.no("the reply's signature is not accepted: \(outcome.verdict.reason?.rawValue ?? "unknown")")
        }
        let message = try Message.read(verified.content, limits: self.limits)
        guard message.label.txID == request.txID, message.label.sequenceType == .reply else {
            throw ExitWith.no("the reply belongs to another request")
        }
        return try message.parts.map { try self.answers.read($0.content) }
    }
}

/// PEM files by name, or all of a folder.
enum PEMFiles {
    static func bytes(_ path: String) throws -> [[UInt8]] {
        var isFolder: ObjCBool = false
        guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw ExitWith.failure("\(path): no such file")
        }
        let names =
            isFolder.boolValue
            ? try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".pem") }.sorted()
                .map { "\(path)/\($0)" }
            : [path]
        return names.compactMap { FileManager.default.contents(atPath: $0).map { [UInt8]($0) } }
    }
}
