internal import XML

/// Sees whether a base service's answer is about the person and the question that it was asked about.
///
/// An answer that came late, on a connection that carries the next question already, is else taken for the answer to
/// that one (RFC 9112, section 9.3: nothing in HTTP/1.1 says which question an answer belongs to). Compared is what the
/// answers name:
/// - AF: the number in `Fraga` and in `Svar`, and the reference that `Fraga` repeats;
/// - CSN: century and number of each `Person`;
/// - FK: the number in the general information on the person (`FK:GEPI`);
/// - SKV: numbers in the tax document, whose form is not published: one of them must be the person's, and wherever that
///   one stands no other may;
/// - SO: the number, and the reference that the answer repeats;
/// - MIV: the number, and the asker's identifier that the answer repeats;
/// - errors of a base service: numbers in their sentences.
///
/// Not covered, because nothing in them says whom they are about: all of TNS's answers; FK's to a question without
/// `FK:GEPI`; answers of CSN, FK and SKV that know nothing, and MIV's when the question had no identifier. For these only
/// a connection of its own for each question helps. An answer under another number than the one asked about is refused
/// even when both are the same person's, as after a samordningsnummer was replaced.
enum AnswerSubject {
    /// Whether a document names somebody else, or somebody else as well, or repeats another question.
    static func isAnother(
        _ document: XMLDocument, from provider: Provider, form: SectionForm, than question: Question
    ) -> Bool {
        let person = question.person
        switch provider {
        case .af:
            let root = document.outline(levels: 2)
            let echoes = root.children(named: "Fraga")
            return (echoes + root.children(named: "Svar")).contains {
                self.names(another: person, in: $0, "IdentitetsbeteckningFysiskPerson")
            } || echoes.contains { self.repeats(another: question.caseID, in: $0, "Referensnummer") }
        case .csn:
            return self.students(in: document.outline(levels: 3)).contains { $0.isAnother(than: person) }
        case .skv:
            if form == .text { return self.names(another: person, inTaxDocument: document.root) }
            let texts = document.outline(levels: 1).children(named: "svar").map(\.text)
            return texts.contains { self.names(another: person, inTaxText: $0) }
        case .so:
            let root = document.outline(levels: 1)
            return self.names(another: person, in: root, "IdentificationNumber")
                || self.repeats(another: question.caseID, in: root, "Referensnummer")
        case .miv:
            return document.outline(levels: 2).children(named: "response").contains { response in
                self.names(another: person, in: response, "personnummer")
                    || question.correlationID.map { self.repeats(another: $0, in: response, "korrelationsid") } ?? false
            }
        case .fk, .tns:
            return false
        }
    }

    /// LEFI's answer: children and other parents in it have numbers too, so only what says whom it is about counts.
    static func isAnother(_ answer: JSONValue, than question: Question) -> Bool {
        let holders =
            [answer]
            + answer.members.filter { ["formansinformation", "ovrigInformation"].contains($0.name) }
            .flatMap { [$0.value] + $0.value.elements }
        let people = holders.flatMap(\.members).filter { $0.name == "generellPersoninformation" }
            .flatMap { [$0.value] + $0.value.elements }
        return ([answer] + people).flatMap(\.members).contains { member in
            guard member.name == "personnummer" else { return false }
            switch member.value {
            case .null: return false
            case .string(let text), .number(let text): return question.person.isAnother(than: text)
            case .bool, .array, .object: return true
            }
        }
    }

    /// Whether an error's sentences name people, and the one asked about is not among them.
    static func isAnother(_ error: ProviderError, than question: Question) -> Bool {
        ([error.code] + error.messages).contains { self.names(another: question.person, inProse: $0) }
    }

    private static func names(another person: PersonIdentity, in element: XMLElement, _ name: String) -> Bool {
        element.children(named: name).contains { person.isAnother(than: $0.text) }
    }

    /// An empty element repeats nothing.
    private static func repeats(another sent: String, in element: XMLElement, _ name: String) -> Bool {
        element.children(named: name).contains { child in
            !child.collapsedText.isEmpty && child.collapsedText != XMLElement.collapse(sent)
        }
    }
}

// MARK: - CSN

extension AnswerSubject {
    /// The number of one `Person`, as far as it is given.
    private struct Student {
        let century: String
        let number: String

        func isAnother(than person: PersonIdentity) -> Bool {
            let hasCentury = (try? IdentityDigits(self.number))?.century != nil
            let isEmpty = self.number.utf8.allSatisfy { $0 <= 0x20 }
            return person.isAnother(than: hasCentury || isEmpty ? self.number : self.century + self.number)
        }
    }

    private static func students(in element: XMLElement) -> [Student] {
        guard element.name == "Personer" else { return element.children.flatMap { self.students(in: $0) } }
        return element.children(named: "Person").flatMap { person in
            let century = person.attributes.first { $0.name == "sekel" }.map { XMLElement.collapse($0.value) }
            return person.attributes.filter { $0.name == "personnummer" }
                .map { Student(century: century ?? "", number: XMLElement.collapse($0.value)) }
        }
    }
}

// MARK: - Skatteverket

extension AnswerSubject {
    /// A number and where in the document it stands.
    private struct Mention {
        let path: [String]
        let isAnother: Bool
    }

    private static func names(another person: PersonIdentity, inTaxText text: String) -> Bool {
        guard let root = TaxDocument.root(of: text) else { return self.names(another: person, inProse: text) }
        return self.names(another: person, inTaxDocument: root)
    }

    /// A spouse may be named, but elsewhere than the person.
    private static func names(another person: PersonIdentity, inTaxDocument root: XMLElement) -> Bool {
        var mentions: [Mention] = []
        self.collect(root, [root.name], person, into: &mentions)
        let places = Set(mentions.filter { !$0.isAnother }.map(\.path))
        if places.isEmpty { return !mentions.isEmpty }
        return mentions.contains { $0.isAnother && places.contains($0.path) }
    }

    private static func collect(
        _ element: XMLElement, _ path: [String], _ person: PersonIdentity, into mentions: inout [Mention]
    ) {
        func note(_ text: String, _ path: [String], _ name: String) {
            guard text.utf8.count <= 64, let digits = try? IdentityDigits(text), digits.isSomebody(under: name) else {
                return
            }
            mentions.append(Mention(path: path, isAnother: person.isAnother(than: text)))
        }
        note(element.text, path, element.name)
        for attribute in element.attributes { note(attribute.value, path + ["@\(attribute.name)"], attribute.name) }
        for child in element.children { self.collect(child, path + [child.name], person, into: &mentions) }
    }

    /// Words with a valid number in them: with its century, or with a separator.
    private static func names(another person: PersonIdentity, inProse text: String) -> Bool {
        let words = text.utf8.split { byte in !(0x30...0x39).contains(byte) && byte != 0x2D && byte != 0x2B }
            .filter { (10...13).contains($0.count) }.compactMap { String($0) }
        let numbers = words.filter { (try? IdentityDigits($0))?.isSomebody(under: "") ?? false }
        return !numbers.isEmpty && numbers.allSatisfy { person.isAnother(than: $0) }
    }
}

extension IdentityDigits {
    /// Whether this is some person's number.
    ///
    /// Ten digits alone may be an amount or a telephone number, so the name must say what they are.
    fileprivate func isSomebody(under name: String) -> Bool {
        guard (try? PersonIdentity.kind(of: self)) != nil else { return false }
        let name = name.lowercased()
        return self.century != nil || self.separator != nil
            || ["person", "identitet", "samordning", "pnr"].contains { name.contains($0) }
    }
}

extension PersonIdentity {
    /// Whether a text names somebody, and not this person.
    ///
    /// Ten or twelve digits, with or without a separator; a text without digits names nobody.
    fileprivate func isAnother(than text: String) -> Bool {
        guard text.utf8.contains(where: { (0x30...0x39).contains($0) }) else { return false }
        // What is no number at all is not this person's either.
        guard let digits = try? IdentityDigits(text) else { return true }
        return digits.tenText != self.tenDigits || digits.century.map { String($0) != self.century } ?? false
    }
}
