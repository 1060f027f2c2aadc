import ArgumentParser
import Crypto
import Foundation
import SHS
import Trust

/// `inspect FILE`: the MIME tree and the label as JSON; exit 1 when the ingress would refuse the structure.
struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Print a message's MIME tree and label as JSON, without its content.",
        discussion: "Signatures are not checked here; see verify. Exit 1 when the ingress would refuse the structure."
    )

    @OptionGroup var options: GlobalOptions
    @Argument(help: "A message with its MIME headers, signed or not.") var file: String

    func run() async throws {
        let loaded = try await RoleSettings.load(self.options.config, isFileOptional: true)
        guard let bytes = FileManager.default.contents(atPath: self.file) else {
            throw ExitWith.failure("\(self.file): not readable")
        }
        let limits = loaded.configuration.limits
        let report = MessageReport(of: [UInt8](bytes), limits: limits)
        try JSONOutput.write(report)
        guard report.refused == nil else { throw ExitWith.no }
    }
}

/// What `inspect` prints.
struct MessageReport: Encodable {
    /// One part of the tree; leaves have length and digest of their decoded content.
    struct Part: Encodable {
        var type: String
        var filename: String?
        var length: Int?
        var sha256: String?
        var parts: [Part]?
    }

    /// The label as far as it says who asks whom about what kind of product.
    struct LabelReport: Encodable {
        let txID: String
        let corrID: String
        let from: String?
        let to: String?
        let product: String
        let transferType: String
        let sequenceType: String
        let status: String
        let dataparts: [String]
    }

    private(set) var tree: Part?
    private(set) var label: LabelReport?
    /// The name of the fault with which the ingress would refuse the structure.
    private(set) var refused: String?

    init(of bytes: [UInt8], limits: MessageLimits) {
        do throws(Fault) {
            let whole = try MIMEPart.read(bytes[...], limits: limits)
            self.tree = try Self.tree(of: whole, limits: limits, depth: 0)
            let message = try Message.read(try Self.signedContent(of: whole, bytes, limits: limits), limits: limits)
            self.label = LabelReport(message.label)
        } catch {
            self.refused = error.rawValue
        }
    }

    /// The entity inside a detached signature, else the message itself: `inspect` looks at unsigned ones too.
    private static func signedContent(
        of whole: MIMEPart, _ bytes: [UInt8], limits: MessageLimits
    ) throws(Fault) -> [UInt8] {
        switch whole.mediaType {
        case "multipart/signed", "application/pkcs7-mime", "application/x-pkcs7-mime":
            switch try SignedEntity.read(entity: bytes, limits: limits) {
            case .detached(let content, _): return content
            case .opaque(let signature):
                guard let content = OpaqueContent.unchecked(signature) else { throw .signatureMalformed }
                return content
            }
        default: return bytes
        }
    }

    private static func tree(of part: MIMEPart, limits: MessageLimits, depth: Int) throws(Fault) -> Part {
        guard depth < limits.maximumDepth else { throw .tooManyParts }
        if part.isMultipart {
            var children: [Part] = []
            for child in try part.parts(limits: limits) {
                children.append(try Self.tree(of: child, limits: limits, depth: depth + 1))
            }
            return Part(type: part.mediaType, filename: part.filename, parts: children)
        }
        let content = try part.content()
        let digest = SHA256.hash(data: content).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return Part(type: part.mediaType, filename: part.filename, length: content.count, sha256: digest.joined())
    }
}

extension MessageReport.LabelReport {
    fileprivate init(_ label: Label) {
        self.txID = label.txID
        self.corrID = label.corrID
        self.from = label.from?.address.organisation
        self.to = label.to?.address.organisation
        self.product = label.product.id.value
        self.transferType = label.transferType.rawValue
        self.sequenceType = label.sequenceType.rawValue
        self.status = label.status.rawValue
        if case .data(let entries) = label.content.kind {
            self.dataparts = entries.map(\.datapartType)
        } else {
            self.dataparts = []
        }
    }
}
