/// Why a document was refused.
///
/// Never quotes the document: it may be about a person.
package struct XMLParsingError: Error, Equatable, Sendable {
    package enum Reason: String, Sendable, CaseIterable {
        /// Against XML 1.0, or in a character encoding that is not one of those of ``XMLEncoding``.
        case notWellFormed
        /// Against Namespaces in XML, for example a prefix that is not declared.
        case namespaceError
        /// A document type declaration, an internal subset or an entity beyond the five that XML predefines.
        case documentTypeForbidden
        /// Deeper nesting than ``XMLReadingOptions/maximumDepth``.
        case tooDeep
        /// More bytes, elements, attributes or namespaces than the options allow.
        case tooLarge
    }

    package let reason: Reason
    /// The line where libxml2 gave up, counted from 1; nil when it was refused before that.
    package let line: Int?

    package init(_ reason: Reason, line: Int? = nil) {
        self.reason = reason
        self.line = line
    }
}
