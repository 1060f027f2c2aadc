internal import XML

/// Skatteverket's document inside the text of its answer.
enum TaxDocument {
    /// Its document element, nil when the text is no XML.
    static func root(of text: String) -> XMLElement? {
        // As characters it is UTF-8, whatever its declaration says.
        let bytes = Array(text.utf8.drop { $0 <= 0x20 })
        let hasDeclaration = bytes.starts(with: "<?xml".utf8)
        let start = hasDeclaration ? bytes.firstIndex(of: 0x3E).map { $0 + 1 } ?? 0 : 0
        return try? XMLDocument(parsing: Array(bytes[start...])).root
    }
}
