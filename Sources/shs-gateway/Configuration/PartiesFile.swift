import Foundation
import Gateway
import Yams

/// `Config/parties.yaml`: a list under `parties`, one entry per organisation.
struct PartiesFile: Decodable {
    let parties: [Party]

    static func load(_ path: String) throws -> PartyRegister {
        do {
            let text = try String(contentsOfFile: path, encoding: .utf8)
            return try PartyRegister(try YAMLDecoder().decode(Self.self, from: text).parties)
        } catch let error as PartyRegisterError {
            throw ConfigurationError(problems: ["\(path): \(error)"])
        } catch let error as DecodingError {
            throw ConfigurationError(problems: ["\(path): \(DecodingText.text(error))"])
        } catch {
            throw ConfigurationError(problems: ["\(path): not readable as YAML"])
        }
    }
}

/// A decoding error in words, with the place and without the value.
enum DecodingText {
    static func text(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context): "\(Self.place(context)): \(key.stringValue) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            "\(Self.place(context)): not of the right type"
        @unknown default: "not readable"
        }
    }

    private static func place(_ context: DecodingError.Context) -> String {
        context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
    }
}
