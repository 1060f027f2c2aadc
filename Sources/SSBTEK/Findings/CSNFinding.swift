internal import XML

/// What CSN's document says: result code 0 is an answer, and a person with `Ej träff` or without cases has nothing.
enum CSNFinding {
    static func read(_ document: [UInt8]) -> Finding {
        guard let root = try? XMLDocument(parsing: document).root else { return .refused(code: "oläsligt") }
        if let code = self.first("ResultatKod", in: root)?.collapsedText, Int(code) != 0 { return .refused(code: code) }
        return self.first("Arende", in: root) == nil ? .noHits : .hits
    }

    private static func first(_ name: String, in element: XMLElement) -> XMLElement? {
        if element.name == name { return element }
        for child in element.children {
            if let found = self.first(name, in: child) { return found }
        }
        return nil
    }
}
