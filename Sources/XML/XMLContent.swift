/// The bytes of one element in a document, exactly as they stand there.
///
/// For passing on what a provider said without changing a byte. The document must have been read as ``XMLDocument``
/// before; take the ranges of ``XMLDocument/bytes``.
package struct XMLContent: Sendable {
    /// What stands between the start tag and the end tag; empty for `<a/>`.
    package let content: ArraySlice<UInt8>
    /// The whole element with its tags.
    package let element: ArraySlice<UInt8>
    /// The declarations in scope inside the element, its own included, outermost first; the empty prefix is the
    /// default.
    ///
    /// Put elsewhere, the content needs these declared around it. An undeclared default (`xmlns=""`) is left out.
    package let namespaces: [(prefix: String, uri: String)]
    /// The same without the element's own declarations: what ``element`` needs around it.
    package let outerNamespaces: [(prefix: String, uri: String)]

    /// Finds the first element on a path of local names that starts at the document element.
    ///
    /// The name `*` stands for any. Nil when there is no such element.
    package static func innerContent(of document: [UInt8], path: [String]) -> XMLContent? {
        guard !path.isEmpty else { return nil }
        var scanner = XMLScanner(document)
        var scopes: [NamespaceScope] = [NamespaceScope()]
        var matched = 0
        var found: (start: XMLScanner.Token, depth: Int)?
        while let token = try? scanner.next() {
            switch token.kind {
            case .documentType:
                break
            case .end:
                scopes.removeLast()
                guard !scopes.isEmpty else { return nil }
                if let found, scopes.count == found.depth {
                    return XMLContent(document, from: found.start, to: token, around: scopes[found.depth - 1])
                }
                matched = min(matched, scopes.count - 1)
            case .start, .empty:
                let depth = scopes.count
                let isNext = found == nil && depth == matched + 1 && Self.isNamed(path[matched], token, document)
                if isNext, depth == path.count {
                    if token.kind == .empty {
                        return XMLContent(document, from: token, to: nil, around: scopes[depth - 1])
                    }
                    found = (token, depth)
                } else if isNext, token.kind == .start {
                    matched += 1
                }
                if token.kind == .start {
                    scopes.append(found == nil ? scopes[depth - 1].inside(token, document) : NamespaceScope())
                }
            }
        }
        return nil
    }

    private init(_ document: [UInt8], from start: XMLScanner.Token, to end: XMLScanner.Token?, around: NamespaceScope) {
        if let end {
            self.content = document[start.range.upperBound..<end.range.lowerBound]
            self.element = document[start.range.lowerBound..<end.range.upperBound]
        } else {
            self.content = document[start.range.upperBound..<start.range.upperBound]
            self.element = document[start.range]
        }
        self.namespaces = around.inside(start, document).visible
        self.outerNamespaces = around.visible
    }

    private static func isNamed(_ wanted: String, _ token: XMLScanner.Token, _ document: [UInt8]) -> Bool {
        if wanted == "*" { return true }
        let name = document[token.name]
        let local = name.firstIndex(of: 0x3A).map { name[($0 + 1)...] } ?? name
        return local.elementsEqual(wanted.utf8)
    }
}
