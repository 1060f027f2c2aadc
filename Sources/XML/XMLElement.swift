/// One element of a parsed document: an immutable value that outlives the parser.
package struct XMLElement: Sendable, Equatable {
    /// The local name.
    package let name: String
    /// The namespace name, nil when the element is in no namespace.
    package let namespace: String?
    /// Attributes in document order, without namespace declarations.
    package let attributes: [XMLAttribute]
    package let children: [XMLElement]
    /// The direct text, CDATA included, concatenated as it stands; text of children is not part of it.
    package let text: String

    /// The value of an attribute in no namespace.
    package func attribute(_ name: String) -> String? {
        self.attributes.first { $0.name == name && $0.namespace == nil }?.value
    }

    /// The value of an attribute in a namespace.
    package func attribute(_ name: String, namespace: String) -> String? {
        self.attributes.first { $0.name == name && $0.namespace == namespace }?.value
    }

    /// All children with a local name, whatever their namespace.
    package func children(named name: String) -> [XMLElement] {
        self.children.filter { $0.name == name }
    }

    /// The first child with a local name, whatever its namespace.
    package func first(named name: String) -> XMLElement? {
        self.children.first { $0.name == name }
    }

    /// The first child with a local name in exactly this namespace; nil is no namespace.
    package func first(named name: String, namespace: String?) -> XMLElement? {
        self.children.first { $0.name == name && $0.namespace == namespace }
    }
}

/// One attribute of an element.
package struct XMLAttribute: Sendable, Equatable {
    /// The local name.
    package let name: String
    package let namespace: String?
    package let value: String
}
