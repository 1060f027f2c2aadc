import Foundation

/// An entry as it was read: whatever members its kind has.
package struct RecordedEntry: Codable, Sendable {
    /// Whose certificate.
    package struct Certificate: Codable, Sendable {
        package let serial: String
        package let issuer: String
    }

    package struct Question: Codable, Sendable {
        package let caseWorker: String
        package let `case`: String
        package let person: String
        package let providers: [String]
    }

    package let at: String
    package let event: String
    package let transaction: String?
    package let txId: String?
    package let party: String?
    package let signer: Certificate?
    package let client: Certificate?
    package var questions: [Question]?
    package let joined: String?
    package let question: Int?
    package let provider: String?
    package let outcome: String?
    package let kalla: String?
    package let felkod: String?
    package let fault: String?
    package let data: Int?
    package let errors: Int?
    package let ms: Int?
    package let ending: String?
    package let kind: String?
    package let reason: String?
    package let count: Int?

    init?(_ line: ArraySlice<UInt8>) {
        guard let entry = try? JSONDecoder().decode(Self.self, from: Data(line)) else { return nil }
        self = entry
    }
}

/// One transaction, or one request that was refused, with everything that the record says of it.
package struct FoundAccess: Encodable, Sendable {
    /// In the order of time, with the role that wrote each.
    package struct Step: Encodable, Sendable {
        package let role: String
        package let entry: RecordedEntry
    }

    /// Nil for a request that was refused before it had one.
    package let transaction: String?
    package let steps: [Step]
}
