internal import CLibXML2

/// Copies libxml2's tree into values.
enum XMLTreeCopy {
    /// An element with at most so many levels of children.
    static func element(_ node: xmlNodePtr, levels: Int) -> XMLElement {
        var names = NameCache()
        return unsafe Self.element(node, levels, &names)
    }

    /// Recursion is bounded by ``XMLReadingOptions/maximumDepth``.
    private static func element(_ node: xmlNodePtr, _ levels: Int, _ names: inout NameCache) -> XMLElement {
        var children: [XMLElement] = []
        var text = ""
        var child = unsafe node.pointee.children
        while let current = unsafe child {
            switch unsafe current.pointee.type {
            case XML_ELEMENT_NODE:
                if levels > 0 { unsafe children.append(Self.element(current, levels - 1, &names)) }
            case XML_TEXT_NODE, XML_CDATA_SECTION_NODE:
                if let content = unsafe current.pointee.content { unsafe text += String(cString: content) }
            default:
                break
            }
            unsafe child = current.pointee.next
        }
        return unsafe XMLElement(
            name: String(cString: node.pointee.name), namespace: names.uri(node.pointee.ns),
            attributes: Self.attributes(of: node, &names), children: children, text: text)
    }

    private static func attributes(of node: xmlNodePtr, _ names: inout NameCache) -> [XMLAttribute] {
        var result: [XMLAttribute] = []
        var next = unsafe node.pointee.properties
        while let attribute = unsafe next {
            // Without entities, an attribute's value is one text node, or none when it is empty.
            let value = unsafe attribute.pointee.children?.pointee.content.map { unsafe String(cString: $0) }
            unsafe result.append(
                XMLAttribute(
                    name: String(cString: attribute.pointee.name), namespace: names.uri(attribute.pointee.ns),
                    value: value ?? ""))
            unsafe next = attribute.pointee.next
        }
        return result
    }
}

/// One Swift string per namespace declaration instead of one per element; the pointer is compared, never followed
/// later.
@safe private struct NameCache {
    private var last: (pointer: xmlNsPtr, uri: String?)?

    mutating func uri(_ namespace: xmlNsPtr?) -> String? {
        guard let namespace = unsafe namespace else { return nil }
        if let last = unsafe self.last, unsafe last.pointer == namespace { return unsafe last.uri }
        let uri = unsafe namespace.pointee.href.map { unsafe String(cString: $0) }
        unsafe self.last = (namespace, uri)
        return uri
    }
}
