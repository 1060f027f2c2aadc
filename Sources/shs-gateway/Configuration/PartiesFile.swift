import Foundation
import Gateway
import Trust
import Yams

/// The register of a set, `parties.yaml`: a list under `parties`, one entry per organisation.
struct PartiesFile: Decodable {
    let parties: [Party]

    static func load(_ path: String) throws -> PartyRegister {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConfigurationError(problems: ["\(path): not readable"])
        }
        do {
            return try Self.read([UInt8](data))
        } catch let error as ConfigurationError {
            throw ConfigurationError(problems: error.problems.map { "\(path): \($0)" })
        }
    }

    /// The register; the error does not name the file.
    static func read(_ bytes: [UInt8]) throws -> PartyRegister {
        do {
            return try PartyRegister(try YAMLDecoder().decode(Self.self, from: Data(bytes)).parties)
        } catch let error as PartyRegisterError {
            throw ConfigurationError(problems: ["\(error)"])
        } catch let error as DecodingError {
            throw ConfigurationError(problems: [DecodingText.text(error)])
        } catch {
            throw ConfigurationError(problems: ["not readable as YAML"])
        }
    }
}

extension FilesConfiguration {
    /// The register that is configured, else that of the set in use; nil when there is neither.
    func register() throws -> PartyRegister? {
        if let parties { return try PartiesFile.load(parties) }
        guard let set = try? CertificateSetLocation(in: self.certificates) else { return nil }
        return try PartiesFile.load("\(set.path)/parties.yaml")
    }
}

/// A decoding error in words, with the place and without the value.
enum DecodingText {
    static func text(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context): "\(Self.place(context)): \(key.stringValue) is missing"
        // Not YAML at all: there is no place to name.
        case .dataCorrupted(let context) where context.codingPath.isEmpty: "not readable as YAML"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            "\(Self.place(context)): not of the right type"
        @unknown default: "not readable"
        }
    }

    private static func place(_ context: DecodingError.Context) -> String {
        context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
    }
}
