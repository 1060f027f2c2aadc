internal import XML

/// Reads the question to Försäkringskassan that is inside a question, and sees that it is about the same person.
///
/// The JSON is passed on unread by everyone else, so whatever LEFI might understand differently is refused: repeated
/// names, and the person's number under another spelling of its name.
enum LEFIQuestionReader {
    static func read(_ element: XMLElement, about person: PersonIdentity) throws(QuestionFault) -> LEFIQuestion {
        let version = element.first(named: "version")?.collapsedText ?? ""
        let actorID = element.textOfChild("aktorsid")
        let json = Base64.decode(element.textOfChild("lefiJsonFraga").utf8)
        guard let json, let object = JSONReader.read(json, refusingRepeatedNames: true), case .object = object,
            Self.isPathSegment(version) || version.isEmpty, Self.isPathSegment(XMLElement.collapse(actorID)),
            object.members.filter({ $0.name.lowercased() == "personnummer" }).count == 1,
            let number = object["personnummer"]?.string, Self.isNumber(number)
        else { throw .questionAgainstContract }
        guard number == person.digits || number == person.tenDigits else { throw .questionAboutAnotherPerson }
        return LEFIQuestion(
            version: version.isEmpty ? LEFIQuestion.defaultVersion : version, actorID: XMLElement.collapse(actorID),
            json: json)
    }

    /// Whether a text can stand in LEFI's path as one step of it.
    ///
    /// It is percent-encoded there, which does not disarm dots.
    private static func isPathSegment(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 128 && !text.utf8.allSatisfy { $0 == 0x2E }
            && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != 0x2F && $0 != 0x5C }
    }

    /// Ten or twelve digits, as LEFI's description has it.
    private static func isNumber(_ text: String) -> Bool {
        let count = text.utf8.count
        return (count == 10 || count == 12) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
