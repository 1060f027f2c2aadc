/// The question to Försäkringskassan's LEFI: JSON, with version and actor in the path.
enum FKRequest {
    static func request(for question: Question, settings: LEFISettings) -> ProviderRequest {
        let version = question.lefi?.version ?? LEFIQuestion.defaultVersion
        let actor = question.lefi?.actorID ?? settings.actorID
        let path =
            "/lefi-extern-formansinformation/\(self.encoded(version))/aktorer/\(self.encoded(actor))"
            + "/formansinformation/fraga"
        // The asker's own words go on byte by byte.
        let body = question.lefi?.json ?? self.defaultQuestion(question, settings.groups)
        return ProviderRequest(mediaType: .json, body: body, path: path)
    }

    /// A question for the person and period in the configured groups.
    ///
    /// All its texts are digits, dates and known codes, so none needs escaping.
    private static func defaultQuestion(_ question: Question, _ groups: LEFIGroups) -> [UInt8] {
        let period = question.period(for: .fk)
        var json = "{\"personnummer\":\"\(question.person.digits)\""
        json += ",\"period\":{\"from\":\"\(period.from)\",\"tom\":\"\(period.to)\"}"
        for (name, codes) in groups.members where !codes.isEmpty {
            json += ",\"\(name)\":[" + codes.map { "\"\($0)\"" }.joined(separator: ",") + "]"
        }
        return Array((json + "}").utf8)
    }

    /// One step of a path (RFC 3986, section 3.3), everything but unreserved characters percent-encoded.
    private static func encoded(_ segment: String) -> String {
        var result = ""
        for byte in segment.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return result
    }
}
