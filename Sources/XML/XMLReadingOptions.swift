/// What a document may cost and contain before it is refused.
package struct XMLReadingOptions: Sendable {
    /// The largest document in bytes, after conversion to UTF-8.
    package var maximumBytes: Int
    /// The deepest nesting of elements; at most 200, since libxml2 itself stops at 256.
    package var maximumDepth: Int
    /// The most elements in one document.
    package var maximumElements: Int
    /// The most attributes and namespace declarations on one element: libxml2 compares them pairwise.
    package var maximumAttributes: Int
    /// The most namespace declarations in scope at once: libxml2 searches them one by one for each element.
    package var maximumNamespacesInScope: Int
    /// Whether `<!DOCTYPE name SYSTEM "file.dtd">` is tolerated: a bare file name, which is never loaded.
    package var allowsExternalDocumentTypeName: Bool

    package init(
        maximumBytes: Int = 4 << 20,
        maximumDepth: Int = 100,
        maximumElements: Int = 100_000,
        maximumAttributes: Int = 200,
        maximumNamespacesInScope: Int = 500,
        allowsExternalDocumentTypeName: Bool = false
    ) {
        self.maximumBytes = maximumBytes
        self.maximumDepth = min(maximumDepth, 200)
        self.maximumElements = maximumElements
        self.maximumAttributes = maximumAttributes
        self.maximumNamespacesInScope = maximumNamespacesInScope
        self.allowsExternalDocumentTypeName = allowsExternalDocumentTypeName
    }
}
