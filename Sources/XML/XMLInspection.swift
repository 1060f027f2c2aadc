/// The limits of ``XMLReadingOptions``, checked on the bytes before libxml2 sees them.
///
/// libxml2 compares the attributes of an element pairwise and searches namespaces one by one, so a few hundred
/// kilobytes can keep it busy for minutes; and a document type declaration is best refused by someone who does not read
/// it.
enum XMLInspection {
    static func check(_ bytes: [UInt8], _ options: XMLReadingOptions) throws(XMLParsingError) {
        guard bytes.count <= options.maximumBytes else { throw XMLParsingError(.tooLarge) }
        var scanner = XMLScanner(bytes)
        var elements = 0
        var namespacesInScope = 0
        var open: [Int] = []
        while let token = try scanner.next() {
            switch token.kind {
            case .documentType:
                guard options.allowsExternalDocumentTypeName, elements == 0 else {
                    throw XMLParsingError(.documentTypeForbidden)
                }
            case .end:
                guard let namespaces = open.popLast() else { throw XMLParsingError(.notWellFormed) }
                namespacesInScope -= namespaces
            case .start, .empty:
                elements += 1
                guard elements <= options.maximumElements, token.attributeCount <= options.maximumAttributes,
                    namespacesInScope + token.namespaceCount <= options.maximumNamespacesInScope
                else { throw XMLParsingError(.tooLarge) }
                guard open.count < options.maximumDepth else { throw XMLParsingError(.tooDeep) }
                if token.kind == .start {
                    open.append(token.namespaceCount)
                    namespacesInScope += token.namespaceCount
                }
            }
        }
    }
}
