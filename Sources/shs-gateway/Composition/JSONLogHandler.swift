import Foundation
import Logging

/// Writes each log line as one JSON object to standard error: time (UTC), level, role, message, then the metadata.
struct JSONLogHandler: LogHandler {
    let role: String
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    init(role: String, logLevel: Logger.Level) {
        self.role = role
        self.logLevel = logLevel
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields: [(String, String)] = [
            ("time", Date().formatted(.iso8601.time(includingFractionalSeconds: true))),
            ("level", event.level.rawValue),
            ("role", self.role),
            ("message", event.message.description),
        ]
        let merged = self.metadata.merging(event.metadata ?? [:]) { $1 }
        fields += merged.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
        let line = fields.map { "\(Self.quoted($0)):\(Self.quoted($1))" }.joined(separator: ",")
        // One write per line, so that lines of several threads do not mix.
        FileHandle.standardError.write(Data("{\(line)}\n".utf8))
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case _ where scalar.value < 0x20: result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
