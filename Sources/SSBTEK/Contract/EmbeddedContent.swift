internal import XML

/// Puts the content of one document's element into an element of the composite service, byte by byte.
///
/// The declarations that were in scope are made again on the new element, and no default namespace is in scope around
/// it, so every name inside means what it meant before.
enum EmbeddedContent {
    /// `<s:name xmlns:s="…" xmlns:p="…">content</s:name>`.
    ///
    /// The prefix is `s` unless the content uses that for something else: declaring it again would rename the element.
    static func element(_ name: String, around content: XMLContent) -> [UInt8] {
        let prefix = Self.prefix(beside: content.namespaces)
        var writer = XMLWriter(capacity: content.content.count + 512)
        writer.raw("<\(prefix):\(name)")
        writer.attribute("xmlns:\(prefix)", Namespace.ssbtek)
        for (declared, uri) in content.namespaces where declared != prefix && declared != "xml" {
            writer.attribute(declared.isEmpty ? "xmlns" : "xmlns:\(declared)", uri)
        }
        writer.raw(">")
        writer.raw(content.content)
        writer.raw("</\(prefix):\(name)>")
        return writer.bytes
    }

    private static func prefix(beside namespaces: [(prefix: String, uri: String)]) -> String {
        func isFree(_ candidate: String) -> Bool {
            namespaces.allSatisfy { $0.prefix != candidate || $0.uri == Namespace.ssbtek }
        }
        if isFree("s") { return "s" }
        var number = 1
        while !isFree("s\(number)") { number += 1 }
        return "s\(number)"
    }
}
